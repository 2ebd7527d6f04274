import { toHex } from '../bytes/hex.ts';
import { sha256 } from '../bytes/sha256.ts';
import type { Region, RegionData } from '../chip/region.ts';
import type { CardImage } from './image.ts';

/**
 * SHA-256 (hex) of what was read: terminals and server compute the same for the same bytes, in whatever order and
 * pieces they were read. The answer to reset is left out: readers show one card differently.
 */
export function imageDigest(image: CardImage): string {
  return digest('image/1', image, normalise(image.regions));
}

/** SHA-256 (hex) of the image with `ranges` blanked: what a write must leave as it was, and a resumed card must show. */
export function outsideDigest(image: CardImage, ranges: readonly Region[]): string {
  const blanked = normalise(image.regions).map((region) => blank(region, ranges));
  return digest('outside/1', image, blanked);
}

function digest(kind: string, image: CardImage, regions: readonly RegionData[]): string {
  const lines = regions.map(({ zone, offset, data }) => `${zone}:${offset}:${toHex(data)}`);
  return sha256([kind, image.chip, toHex(image.serial), ...lines].join('\n'));
}

/** Sorted by zone and offset, contiguous and overlapping pieces joined. */
function normalise(regions: readonly RegionData[]): RegionData[] {
  const sorted = [...regions].sort((a, b) =>
    a.zone === b.zone ? a.offset - b.offset : a.zone < b.zone ? -1 : 1,
  );
  const joined: RegionData[] = [];
  for (const region of sorted) {
    const last = joined.at(-1);
    const into = last === undefined ? -1 : region.offset - last.offset;
    if (last === undefined || last.zone !== region.zone || into > last.data.length) {
      joined.push(region);
      continue;
    }
    const data = new Uint8Array(Math.max(last.data.length, into + region.data.length));
    data.set(last.data);
    data.set(region.data, into);
    joined[joined.length - 1] = { zone: last.zone, offset: last.offset, data };
  }
  return joined;
}

function blank(region: RegionData, ranges: readonly Region[]): RegionData {
  const data = region.data.slice();
  for (const range of ranges) {
    if (range.zone !== region.zone) continue;
    const start = Math.max(0, range.offset - region.offset);
    const end = range.offset + range.length - region.offset;
    if (end > start) data.fill(0, start, end);
  }
  return { ...region, data };
}
