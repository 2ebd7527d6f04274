import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import iconv from 'iconv-lite';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';

/** A zip's directory stands at its end, so it has to be on disk before it can be read. */
const MAX_PACKED = 2 * 1024 ** 3;
const MAX_SUMMARY = 16 * 1024 ** 2;

/** A day's bill as Alipay packs it: lists of rows, and a summary. All of it is text in GBK. */
export interface BillArchive {
  /** The lists, one after the other, as UTF-8. */
  details(): Readable;
  summary(): Promise<string>;
  close(): Promise<void>;
}

/** Keeps the file that `source` gives, readable by this process only, until it is closed. */
export async function keepArchive(source: Readable): Promise<BillArchive> {
  const folder = await mkdtemp(join(tmpdir(), 'bill-'));
  const forget = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'packed');
    await pipeline(source, limited(MAX_PACKED), createWriteStream(path, { mode: 0o600 }));
    // Names are in GBK as well, which a zip cannot say: they come as bytes and are read here.
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
    const entries: { name: string; entry: Entry }[] = [];
    for await (const entry of zip.eachEntry()) {
      entries.push({ name: iconv.decode(entry.fileNameRaw, 'gbk'), entry });
    }
    const named = entries.filter(({ name }) => name.endsWith('.csv') && name.includes('业务明细'));
    const summaries = named.filter(({ name }) => name.includes('汇总'));
    const lists = named.filter(({ name }) => !name.includes('汇总'));
    const [summary] = summaries;
    if (summary === undefined || summaries.length > 1 || lists.length === 0) {
      throw new Error('This is not a bill: a list and one summary were expected.');
    }
    lists.sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      details: () =>
        Readable.from(
          text(
            zip,
            lists.map(({ entry }) => entry),
          ),
        ),
      summary: () => summaryOf(zip, summary.entry),
      close: async () => {
        zip.close();
        await forget();
      },
    };
  } catch (error) {
    await forget();
    throw error;
  }
}

async function* text(zip: ZipFile, entries: readonly Entry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    const decoder = iconv.getDecoder('gbk');
    for await (const chunk of unpacked(zip, entry)) yield Buffer.from(decoder.write(chunk), 'utf8');
    yield Buffer.from(`${decoder.end() ?? ''}\n`, 'utf8');
  }
}

async function summaryOf(zip: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > MAX_SUMMARY) throw new Error('The summary is too long.');
  const chunks: Buffer[] = [];
  for await (const chunk of unpacked(zip, entry)) chunks.push(chunk);
  return iconv.decode(Buffer.concat(chunks), 'gbk');
}

/** The library checks sizes but not the checksum. */
async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw new Error('The file is not what was packed: its checksum differs.');
}

function limited(max: number): (chunks: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (chunks) {
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > max) throw new Error(`A file of more than ${max} bytes is not accepted.`);
      yield chunk;
    }
  };
}
