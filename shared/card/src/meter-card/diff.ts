import type { Region, RegionData } from '../chip/region.ts';
import { bytesOf, type CardImage } from './image.ts';

/**
 * The runs of bytes in which `wanted` differs from what is there, in ascending order. Runs within one page of
 * `pageSize` bytes (counted from the zone's start) are one run: the chip changes a page in one cycle anyway.
 */
export function diffRuns(current: Uint8Array, wanted: RegionData, pageSize = 1): RegionData[] {
  const runs = differing(current, wanted);
  if (pageSize === 1) return runs;
  const pageOf = (offset: number): number => Math.floor(offset / pageSize);
  const joined: RegionData[] = [];
  for (const run of runs) {
    const last = joined.at(-1);
    if (last === undefined || pageOf(last.offset + last.data.length - 1) !== pageOf(run.offset)) {
      joined.push(run);
      continue;
    }
    const end = run.offset + run.data.length - wanted.offset;
    joined[joined.length - 1] = { ...last, data: wanted.data.slice(last.offset - wanted.offset, end) };
  }
  return joined;
}

function differing(current: Uint8Array, wanted: RegionData): RegionData[] {
  const runs: RegionData[] = [];
  let start: number | undefined;
  for (let i = 0; i <= wanted.data.length; i++) {
    const differs = i < wanted.data.length && wanted.data[i] !== current[i];
    if (differs) {
      start ??= i;
    } else if (start !== undefined) {
      runs.push({ zone: wanted.zone, offset: wanted.offset + start, data: wanted.data.slice(start, i) });
      start = undefined;
    }
  }
  return runs;
}

/** What a card should hold as a write goes on: the image as read, and each finished step laid over it. */
export class Target {
  readonly #image: CardImage;

  constructor(image: CardImage) {
    this.#image = {
      ...image,
      regions: image.regions.map((region) => ({ ...region, data: region.data.slice() })),
    };
  }

  image(): CardImage {
    return this.#image;
  }

  /** The bytes now at a region; throws for bytes that were not read, which the plan check has excluded. */
  current(region: RegionData | Region): Uint8Array {
    const length = 'data' in region ? region.data.length : region.length;
    const bytes = bytesOf(this.#image, { zone: region.zone, offset: region.offset, length });
    if (bytes === undefined) throw new RangeError('these bytes were not read');
    return bytes;
  }

  differs(wanted: RegionData): boolean {
    return diffRuns(this.current(wanted), wanted).length > 0;
  }

  set(data: RegionData): void {
    this.current(data).set(data.data);
  }
}
