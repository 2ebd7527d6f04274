import { createHash } from 'node:crypto';

/** A file with these lines below its first. */
export function fileOf(lines: readonly string[]): Buffer {
  return Buffer.from(['customerNo,organisation,tags', ...lines, ''].join('\n'));
}

/** Cut behind line ends, each part of so many bytes at most, and of one line at least. */
export function partsOf(file: Uint8Array, most: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let from = 0; from < file.length;) {
    const end = from + most >= file.length ? file.length : file.lastIndexOf(0x0a, from + most - 1) + 1;
    const to = end > from ? end : file.indexOf(0x0a, from) + 1 || file.length;
    parts.push(file.subarray(from, to));
    from = to;
  }
  return parts;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
