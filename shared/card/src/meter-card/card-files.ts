import { fileFor, zoneOf, type CpuDialect, type FileRole } from '../chip/cpu/dialect.ts';
import type { Region } from '../chip/region.ts';
import type { CardImage } from './image.ts';
import type { CardLayout, CardLayouts } from './layout.ts';

/** The files of a meter card by what they are for. */
export interface CardFiles {
  readonly parameters: Region;
  readonly purse: Region;
  /** What the meter writes back. */
  readonly returnData: Region;
}

/** Where a layout's files lie: as it says, or on CPU cards by its dialect; undefined where neither does. */
export function filesOf({ files, purse, dialect }: CardLayout): CardFiles | undefined {
  if (files !== undefined) return { ...files, purse };
  const parameters = dialect && wholeFile(dialect, 'parameters');
  const returnData = dialect && wholeFile(dialect, 'return');
  return parameters === undefined || returnData === undefined ? undefined : { parameters, purse, returnData };
}

function wholeFile(dialect: CpuDialect, role: FileRole): Region | undefined {
  const file = fileFor(dialect, role);
  if (file === undefined || file.records !== undefined) return undefined;
  return { zone: zoneOf(file), offset: 0, length: file.length };
}

/**
 * The layout that a card was read by: the one whose bytes the image holds, all of them and no others. Several may read the same,
 * whose files then lie alike (`checkLayouts`).
 */
export function layoutOfImage(
  { layouts }: Pick<CardLayouts, 'layouts'>,
  { chip, regions }: Pick<CardImage, 'chip' | 'regions'>,
): CardLayout | undefined {
  const read = readingOf(regions.map(({ zone, offset, data }) => ({ zone, offset, length: data.length })));
  return layouts.find((layout) => layout.chip === chip && readingOf(layout.regions) === read);
}

/** The same for the same regions, in whatever order. */
export function readingOf(regions: readonly Region[]): string {
  return regions
    .map(({ zone, offset, length }) => `${zone} ${offset}+${length}`)
    .sort()
    .join(', ');
}
