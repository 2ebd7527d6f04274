import type { ChipName } from '../chip/contract.ts';
import { FILE_ZONES } from '../chip/file-zones.ts';
import { fileOf, type CpuDialect } from '../chip/cpu/dialect.ts';
import type { Region } from '../chip/region.ts';
import { filesOf, readingOf } from './card-files.ts';
import type { CardLayout, CardLayouts } from './layout.ts';
import { LayoutsError } from './layouts-error.ts';

/** Bytes of every card's serial. */
const SERIAL_LENGTH = 8;

/**
 * Refuses layouts by which a driver would read or write anything but the files of a card, or which could not be told
 * apart: the chip's own tables say what its files may be. Fails with `layouts.unsafe`.
 */
export function checkLayouts({ layouts }: CardLayouts): void {
  for (const layout of layouts) {
    checkRegions(layout);
    if (layout.chip === 'CPU') checkDialect(layout);
    else checkCodes(layout, layout.chip);
  }
  checkApart(layouts);
}

function checkRegions(layout: CardLayout): void {
  const { serial, regions, purse, recognise } = layout;
  const marks = recognise.map(({ zone, offset, bytes }) => ({ zone, offset, length: bytes.length / 2 }));
  for (const region of [serial, ...regions, purse, ...marks]) {
    if (!isFile(layout, region)) throw unsafe(layout, 'names bytes that are none of the card’s files');
  }
  if (serial.length !== SERIAL_LENGTH) throw unsafe(layout, 'has a serial that is not of 8 bytes');
  if (!regions.some((region) => within(region, purse))) throw unsafe(layout, 'has a purse that is not read');
  checkFiles(layout);
  if (isReadOnly(layout, purse)) throw unsafe(layout, 'has its purse where nothing can be written');
  if ([serial, ...marks].some((region) => overlap(region, purse))) {
    throw unsafe(layout, 'has its purse on what a card is known by');
  }
}

function checkFiles(layout: CardLayout): void {
  const { files, purse, regions, dialect } = layout;
  if (files === undefined) return;
  if (dialect !== undefined) throw unsafe(layout, 'has its files in two places');
  const { parameters, returnData } = files;
  for (const file of [parameters, returnData]) {
    if (!regions.some((region) => within(region, file))) throw unsafe(layout, 'has a file that is not read');
  }
  const apart = [parameters, purse, returnData];
  const isOn = (file: Region): boolean => apart.some((other) => other !== file && overlap(file, other));
  if (apart.some(isOn)) throw unsafe(layout, 'has one file on another');
}

function checkCodes(layout: CardLayout, chip: Exclude<ChipName, 'CPU'>): void {
  const { codes, dialect } = layout;
  if (dialect !== undefined) throw unsafe(layout, 'gives a memory chip a dialect');
  const known = FILE_ZONES[chip].codes;
  if (
    codes.length === 0 ||
    new Set(codes).size < codes.length ||
    !codes.every((key) => known.includes(key))
  ) {
    throw unsafe(layout, 'does not name the codes of its chip');
  }
}

function checkDialect(layout: CardLayout): void {
  const { dialect, serial, codes } = layout;
  if (dialect === undefined || codes.length > 0) throw unsafe(layout, 'has no dialect, or codes beside it');
  const { directories, files, keys } = dialect;
  const names = files.map(({ directory, sfi }) => `${directory}:${sfi}`);
  if (new Set(names).size < names.length) throw unsafe(layout, 'names a file twice');
  if (directories.df01 === directories.mf) throw unsafe(layout, 'has one directory for two');
  if (keys.internal === keys.external) throw unsafe(layout, 'has one key for two');
  if (!sameRegion(dialect.serial, serial)) throw unsafe(layout, 'has its serial in two places');
}

/** Each of several layouts of a chip says what its cards are known by, and dialects of one name are one. */
function checkApart(layouts: readonly CardLayout[]): void {
  const dialects = new Map<string, string>();
  for (const [n, layout] of layouts.entries()) {
    const { id, chip, recognise, dialect } = layout;
    const others = layouts.filter((_, i) => i !== n);
    if (others.some((other) => other.id === id)) throw unsafe(layout, 'has the name of another');
    const rivals = others.filter((other) => other.chip === chip);
    const known = recognise.length > 0 || rivals.every((other) => other.dialect?.id !== dialect?.id);
    if (rivals.length > 0 && !known) throw unsafe(layout, 'cannot be told from another of its chip');
    const isAlike = (other: CardLayout): boolean => readingOf(other.regions) === readingOf(layout.regions);
    const files = JSON.stringify(filesOf(layout));
    if (rivals.some((other) => isAlike(other) && JSON.stringify(filesOf(other)) !== files)) {
      throw unsafe(layout, 'reads the same bytes as another, whose files lie elsewhere');
    }
    if (dialect === undefined) continue;
    const text = JSON.stringify(dialect);
    if ((dialects.get(dialect.id) ?? text) !== text) throw unsafe(layout, 'changes a dialect of another');
    dialects.set(dialect.id, text);
  }
}

function isFile({ chip, dialect }: CardLayout, { zone, offset, length }: Region): boolean {
  const end = offset + length;
  if (chip === 'CPU') return dialect !== undefined && end <= (cpuFile(dialect, zone)?.length ?? 0);
  const { zones } = FILE_ZONES[chip];
  const room = Object.hasOwn(zones, zone) ? zones[zone] : undefined;
  return room !== undefined && offset >= room.from && end <= room.end;
}

function isReadOnly({ chip, dialect }: CardLayout, { zone }: Region): boolean {
  if (chip !== 'CPU') return FILE_ZONES[chip].zones[zone]?.readOnly === true;
  return dialect !== undefined && cpuFile(dialect, zone)?.update === 'never';
}

/** A file of records has no offsets. */
function cpuFile(dialect: CpuDialect, zone: string): ReturnType<typeof fileOf> {
  const file = fileOf(dialect, zone);
  return file?.records === undefined ? file : undefined;
}

function sameRegion(from: CpuDialect['serial'], { zone, offset, length }: Region): boolean {
  if (from.in !== 'file') return false;
  const { region } = from;
  return region.zone === zone && region.offset === offset && region.length === length;
}

function within(outer: Region, inner: Region): boolean {
  const end = inner.offset + inner.length;
  return outer.zone === inner.zone && inner.offset >= outer.offset && end <= outer.offset + outer.length;
}

function overlap(a: Region, b: Region): boolean {
  return a.zone === b.zone && a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

function unsafe({ id }: CardLayout, reason: string): LayoutsError {
  return new LayoutsError({
    code: 'layouts.unsafe',
    message: `The layout ${id} ${reason}. Correct it and sign the document anew.`,
    context: { layout: id },
  });
}
