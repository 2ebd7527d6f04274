import type { Region, RegionData } from '@bianmin/card/chip/region';
import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import { decodeFields, encodeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';
import { decodeSegments, encodeSegments, type Segment } from './segments.ts';

/** Tag of a run of bytes. */
const REGION_TAG = '01';

export const REGION = [
  { name: 'zone', kind: 'text', width: 16 },
  { name: 'offset', kind: 'number', width: 5 },
  { name: 'data', kind: 'long-hex', width: 4 },
] as const satisfies readonly Field[];

/** A segment's count of bytes has four digits; a longer run goes in two. */
const LONGEST = 4096;

export function encodeRegions(regions: readonly RegionData[]): Buffer {
  return encodeSegments(
    regions.flatMap(pieces).map(({ zone, offset, data }) => ({
      tag: REGION_TAG,
      content: encodeFields(REGION, { zone, offset, data: toHex(data) }),
    })),
  );
}

/** Runs that touch are one again. */
export function decodeRegions(bytes: Uint8Array): RegionData[] {
  return joined(decodeSegments(bytes).map(regionOf));
}

/** Fails with `wire.malformed` for a segment of another tag. */
export function regionOf({ tag, content }: Segment): RegionData {
  if (tag !== REGION_TAG) throw malformed('tag', 'is not of a run of bytes');
  const { zone, offset, data } = decodeFields(REGION, content);
  return { zone, offset, data: fromHex(data) };
}

function pieces({ zone, offset, data }: RegionData): RegionData[] {
  const count = Math.ceil(data.length / LONGEST);
  return Array.from({ length: count }, (_, i) => ({
    zone,
    offset: offset + i * LONGEST,
    data: data.subarray(i * LONGEST, (i + 1) * LONGEST),
  }));
}

/** The parts of regions that lie in none of `taken`, each of which lies whole in one region or in none. */
export function without(regions: readonly RegionData[], taken: readonly Region[]): RegionData[] {
  return taken.reduce<RegionData[]>(
    (left, cut) => left.flatMap((region) => cutOut(region, cut)),
    [...regions],
  );
}

function cutOut(region: RegionData, cut: Region): RegionData[] {
  const { zone, offset, data } = region;
  const from = cut.offset - offset;
  if (cut.zone !== zone || from < 0 || from + cut.length > data.length) return [region];
  const to = from + cut.length;
  const parts = [
    { zone, offset, data: data.subarray(0, from) },
    { zone, offset: offset + to, data: data.subarray(to) },
  ];
  return parts.filter((part) => part.data.length > 0);
}

/** In order of zone and offset; what touches is joined. */
export function joined(regions: readonly RegionData[]): RegionData[] {
  const sorted = [...regions].sort((a, b) =>
    a.zone === b.zone ? a.offset - b.offset : a.zone < b.zone ? -1 : 1,
  );
  const runs: RegionData[] = [];
  for (const region of sorted) {
    const last = runs.at(-1);
    if (last?.zone !== region.zone || last.offset + last.data.length !== region.offset) {
      runs.push(region);
      continue;
    }
    const data = new Uint8Array(last.data.length + region.data.length);
    data.set(last.data);
    data.set(region.data, last.data.length);
    runs[runs.length - 1] = { ...last, data };
  }
  return runs;
}
