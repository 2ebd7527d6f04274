import { inflateRawSync } from 'node:zlib';

/** APPNOTE 4.3.12 and 4.3.16. */
const CENTRAL_ENTRY = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const DEFLATED = 8;

export interface ZipFile {
  readonly bytes: Buffer;
  /** What it takes in the archive. */
  readonly packedBytes: number;
}

/** The files of a ZIP archive by name. Throws for what is none; knows no ZIP64, no encryption. */
export function readZip(bytes: Buffer): Map<string, ZipFile> {
  const files = new Map<string, ZipFile>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + END_BYTES > bytes.length || bytes.readUInt32LE(end) !== END) {
    throw new Error('That is no ZIP archive.');
  }
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL_ENTRY) throw new Error('The archive’s directory is broken.');
    const nameBytes = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameBytes);
    files.set(name, fileAt(bytes, at));
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

function fileAt(bytes: Buffer, entry: number): ZipFile {
  const local = bytes.readUInt32LE(entry + 42);
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(from, from + bytes.readUInt32LE(entry + 20));
  const deflated = bytes.readUInt16LE(entry + 10) === DEFLATED;
  return { bytes: deflated ? inflateRawSync(packed) : packed, packedBytes: packed.length };
}
