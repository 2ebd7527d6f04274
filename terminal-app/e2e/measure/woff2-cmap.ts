import { brotliDecompressSync } from 'node:zlib';

/** WOFF2, https://www.w3.org/TR/WOFF2/ §4.1, §5.1: the tags that have a number; the cmap is the first of them. */
const TAG = { cmap: 0, glyf: 10, loca: 11, named: 63 } as const;
const HEADER_BYTES = 48;

/** The code points that a .woff2 font has a glyph of, by its cmap (OpenType 1.9). */
export function codePointsOf(woff2: Uint8Array): Set<number> {
  const view = new DataView(woff2.buffer, woff2.byteOffset, woff2.byteLength);
  if (view.getUint32(0) !== 0x774f4632) throw new Error('This is no .woff2 font.');
  const tables = view.getUint16(12);
  let at = HEADER_BYTES;
  const base128 = (): number => {
    for (let value = 0; ;) {
      const byte = view.getUint8(at++);
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
  };
  let before = 0;
  let cmap: { start: number; length: number } | undefined;
  for (let table = 0; table < tables; table++) {
    const flags = view.getUint8(at++);
    const tag = flags & 63;
    if (tag === TAG.named) at += 4;
    const length = base128();
    const isOutline = tag === TAG.glyf || tag === TAG.loca;
    // Outlines are changed unless version 3 says that they are not; all else only where a version says that it is.
    const isChanged = isOutline ? flags >> 6 !== 3 : flags >> 6 !== 0;
    const stored = isChanged ? base128() : length;
    if (tag === TAG.cmap) cmap = { start: before, length };
    before += stored;
  }
  if (cmap === undefined) throw new Error('This font has no cmap.');
  const data = brotliDecompressSync(woff2.subarray(at, at + view.getUint32(20)));
  return codePointsOfCmap(new DataView(data.buffer, data.byteOffset + cmap.start, cmap.length));
}

function codePointsOfCmap(cmap: DataView): Set<number> {
  const found = new Set<number>();
  for (let record = 0; record < cmap.getUint16(2); record++) {
    const start = cmap.getUint32(4 + record * 8 + 4);
    const format = cmap.getUint16(start);
    if (format === 4) addFormat4(cmap, start, found);
    else if (format === 12) addFormat12(cmap, start, found);
  }
  return found;
}

/** Segments, each with a delta or a list of glyphs; glyph 0 is none. */
function addFormat4(cmap: DataView, start: number, found: Set<number>): void {
  const twice = cmap.getUint16(start + 6);
  const ends = start + 14;
  const starts = ends + twice + 2;
  const deltas = starts + twice;
  const offsets = deltas + twice;
  for (let segment = 0; segment < twice; segment += 2) {
    const last = cmap.getUint16(ends + segment);
    const delta = cmap.getUint16(deltas + segment);
    const offset = cmap.getUint16(offsets + segment);
    for (let code = cmap.getUint16(starts + segment); code <= last && code < 0xffff; code++) {
      const first = cmap.getUint16(starts + segment);
      const raw = offset === 0 ? code : cmap.getUint16(offsets + segment + offset + (code - first) * 2);
      if (offset !== 0 && raw === 0) continue;
      if (((raw + delta) & 0xffff) !== 0) found.add(code);
    }
  }
}

function addFormat12(cmap: DataView, start: number, found: Set<number>): void {
  for (let group = 0; group < cmap.getUint32(start + 12); group++) {
    const at = start + 16 + group * 12;
    for (let code = cmap.getUint32(at); code <= cmap.getUint32(at + 4); code++) found.add(code);
  }
}
