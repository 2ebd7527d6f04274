import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A bill on disk while it is needed: readable by this process only, gone once closed. */
export interface BillFile {
  /** Digests of the bytes as they were kept, hex. */
  readonly sha1: string;
  readonly sha256: string;
  /** From the start, without line ends and without a byte-order mark. */
  lines(): AsyncIterable<string>;
  /** From the start, as it was kept, in pieces that are cut anywhere. */
  text(): AsyncIterable<string>;
  close(): Promise<void>;
}

/**
 * Keeps what `source` gives, after `unpack`, in a temporary file. Rejects as the streams do, with nothing left
 * behind, and so too when more than `maxBytes` come.
 */
export async function keepBill(
  source: Readable,
  { unpack, maxBytes = MAX_BILL }: { unpack?: Transform; maxBytes?: number } = {},
): Promise<BillFile> {
  const folder = await mkdtemp(join(tmpdir(), 'bill-'));
  const path = join(folder, 'bill');
  const [sha1, sha256] = [createHash('sha1'), createHash('sha256')];
  const measured = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > maxBytes) throw new Error(`A bill of more than ${maxBytes} bytes is not accepted.`);
      sha1.update(chunk);
      sha256.update(chunk);
      yield chunk;
    }
  };
  const kept = createWriteStream(path, { mode: 0o600 });
  try {
    if (unpack === undefined) await pipeline(source, measured, kept);
    else await pipeline(source, unpack, measured, kept);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    sha1: sha1.digest('hex'),
    sha256: sha256.digest('hex'),
    lines: () => linesOf(path),
    text: () => createReadStream(path, 'utf8') as AsyncIterable<string>,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A province's busiest day unpacks to far less. */
const MAX_BILL = 8 * 1024 ** 3;

async function* linesOf(path: string): AsyncGenerator<string> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  let first = true;
  for await (const line of lines) {
    yield first ? line.replace(/^\uFEFF/u, '') : line;
    first = false;
  }
}
