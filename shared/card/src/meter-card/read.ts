import type { ChipDriver } from '../chip/contract.ts';
import { asMeterCardError, MeterCardError } from './error.ts';
import type { Region, RegionData } from '../chip/region.ts';
import { bytesOf, type CardImage } from './image.ts';
import type { CardLayout, RecognisedCard } from './layout.ts';

/** The layout of a card that may be read. `meter-card.unreadable` for a card of none. */
export function knownLayout({ driver, layout }: RecognisedCard): CardLayout {
  if (layout !== undefined) return layout;
  throw new MeterCardError({
    code: 'meter-card.unreadable',
    message: 'No layout is known for this kind of card. Please ask the staff.',
    context: { chip: driver.chip },
  });
}

/**
 * Reads what the grid must see of a card, by its layout. `meter-card.unreadable` for a card without such files; the
 * session's own `ReaderError`s otherwise. Burns no try of any code.
 */
export async function readCard(driver: ChipDriver, atr: Uint8Array, layout: CardLayout): Promise<CardImage> {
  try {
    const regions = await readRegions(driver, layout.regions);
    const serial = bytesOf({ regions }, layout.serial) ?? (await driver.read(layout.serial));
    return { chip: driver.chip, atr: atr.slice(), serial: serial.slice(), regions };
  } catch (error) {
    throw asMeterCardError(error);
  }
}

/**
 * Reads again what lies in `ranges`, one run a region, and gives the image with those bytes fresh. The session is
 * the one of the first reading, so that serial and bytes outside cannot have become another card's.
 */
export async function rereadRanges(
  driver: ChipDriver,
  image: CardImage,
  ranges: readonly Region[],
): Promise<CardImage> {
  const regions: RegionData[] = [];
  for (const region of image.regions) {
    const hull = hullWithin(region, ranges);
    if (hull === undefined) {
      regions.push(region);
      continue;
    }
    const data = region.data.slice();
    data.set(await driver.read(hull), hull.offset - region.offset);
    regions.push({ ...region, data });
  }
  return { ...image, regions };
}

/** The regions of a layout, contiguous ones joined into one command's worth. */
async function readRegions(driver: ChipDriver, regions: CardLayout['regions']): Promise<RegionData[]> {
  const runs: Region[] = [];
  for (const region of regions) {
    const last = runs.at(-1);
    if (last?.zone === region.zone && last.offset + last.length === region.offset) {
      runs[runs.length - 1] = { ...last, length: last.length + region.length };
    } else {
      runs.push(region);
    }
  }
  const read: RegionData[] = [];
  for (const { zone, offset, length } of runs) {
    read.push({ zone, offset, data: await driver.read({ zone, offset, length }) });
  }
  return read;
}

/** From the first to the last byte of `ranges` within a region. */
function hullWithin(region: RegionData, ranges: readonly Region[]): Region | undefined {
  const end = region.offset + region.data.length;
  let [first, last] = [end, region.offset];
  for (const range of ranges) {
    if (range.zone !== region.zone) continue;
    const [from, to] = [Math.max(range.offset, region.offset), Math.min(range.offset + range.length, end)];
    if (from >= to) continue;
    first = Math.min(first, from);
    last = Math.max(last, to);
  }
  return first < last ? { zone: region.zone, offset: first, length: last - first } : undefined;
}
