import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const PIECE = 1 << 18;

/** Writes lines to a new file as they come, in pieces; gives how many bytes there are. */
export async function spool(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<number> {
  const out = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let piece = '';
  try {
    for await (const line of lines) {
      piece += line;
      if (piece.length < PIECE) continue;
      if (!out.write(piece)) await once(out, 'drain');
      piece = '';
    }
    out.end(piece);
    await finished(out);
    return out.bytesWritten;
  } catch (error) {
    out.destroy();
    throw error;
  }
}
