import { writeFile } from 'node:fs/promises';

const PIECE = 1 << 18;

/**
 * Writes lines to a new file as they come, in pieces. The file is opened before the first line is asked for and
 * closed before this ends, so that its folder may go at once, whatever was thrown.
 */
export async function spool(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void> {
  await writeFile(path, inPieces(lines), { flag: 'wx', mode: 0o600 });
}

async function* inPieces(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const line of lines) {
    piece += line;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
