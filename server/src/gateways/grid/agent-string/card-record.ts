import { CHIP_NAMES, type ChipName } from '@bianmin/card/chip/contract';
import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import type { RegionData } from '@bianmin/card/chip/region';
import { filesOf, layoutOfImage } from '@bianmin/card/meter-card/card-files';
import { bytesOf, type CardImage } from '@bianmin/card/meter-card/image';
import type { CardLayouts } from '@bianmin/card/meter-card/layout';
import { decodeFields, encodeFields, takeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';
import { encodeRegions, joined, regionOf, without } from './regions.ts';
import { decodeSegments, encodeSegments, type Segment } from './segments.ts';

/** What goes up of a card that was read: 卡序列号, 卡分散数据, 参数文件 and so on (R:wudexin/npbs, ISO 8583 field 55). */
export const CARD = [
  { name: 'chip', kind: 'text', width: 12 },
  { name: 'atr', kind: 'hex', width: 66 },
  { name: 'cardSerial', kind: 'hex', width: 16 },
  /** What the card's keys are derived from. On our cards the serial. */
  { name: 'diversification', kind: 'hex', width: 256 },
  { name: 'parameters', kind: 'hex', width: 90, optional: true },
  { name: 'purse', kind: 'hex', width: 24, optional: true },
  { name: 'returnFile', kind: 'hex', width: 98, optional: true },
] as const satisfies readonly Field[];

/** Fields that hold a file of the card, and what a layout calls it. */
const FILES = { parameters: 'parameters', purse: 'purse', returnFile: 'returnData' } as const;
type FileName = keyof typeof FILES;
const FILE_NAMES = Object.keys(FILES) as FileName[];
const WIDTHS: Readonly<Record<string, number>> = Object.fromEntries(
  CARD.map(({ name, width }) => [name, width]),
);

/** Where the file of a field lies on the card: each maker has its own places. */
const PLACE_TAG = '03';
const PLACE = [
  { name: 'file', kind: 'text', width: 12 },
  { name: 'zone', kind: 'text', width: 16 },
  { name: 'offset', kind: 'number', width: 5 },
] as const satisfies readonly Field[];

/**
 * The record of a card, to be sealed: its files in fields, as the layout of its maker has them, where they lie, and whatever else
 * was read in segments. A card of no layout that is known here, or whose layout names no files, is all segments.
 */
export function encodeCard(image: CardImage, layouts: CardLayouts): Buffer {
  const files = filesIn(image, layouts);
  const hexOf = (name: FileName): string | null => {
    const file = files.find((each) => each.name === name);
    return file === undefined ? null : toHex(file.data);
  };
  const serial = toHex(image.serial);
  const head = encodeFields(CARD, {
    chip: image.chip,
    atr: toHex(image.atr),
    cardSerial: serial,
    diversification: serial,
    parameters: hexOf('parameters'),
    purse: hexOf('purse'),
    returnFile: hexOf('returnFile'),
  });
  const places = files.map(({ name: file, zone, offset }) => ({
    tag: PLACE_TAG,
    content: encodeFields(PLACE, { file, zone, offset }),
  }));
  const taken = files.map(({ zone, offset, data }) => ({ zone, offset, length: data.length }));
  return Buffer.concat([head, encodeSegments(places), encodeRegions(without(image.regions, taken))]);
}

/** The files that were read whole and fit their fields. */
function filesIn(image: CardImage, layouts: CardLayouts): (RegionData & { readonly name: FileName })[] {
  const layout = layoutOfImage(layouts, image);
  const files = layout && filesOf(layout);
  if (files === undefined) return [];
  return FILE_NAMES.flatMap((name) => {
    const { zone, offset, length } = files[FILES[name]];
    const data = bytesOf(image, { zone, offset, length });
    const fits = 2 * length <= (WIDTHS[name] ?? 0);
    return data === undefined || !fits ? [] : [{ name, zone, offset, data }];
  });
}

/** The image of a record, with runs that touch joined. Fails with `wire.malformed`. */
export function decodeCard(record: Uint8Array): CardImage {
  const { values, rest } = takeFields(CARD, record);
  const chip = CHIP_NAMES.find((name): name is ChipName => name === values.chip);
  if (chip === undefined) throw malformed('chip', 'names no chip');
  if (values.diversification !== values.cardSerial) {
    throw malformed('diversification', 'is not the serial, which is what keys come from here');
  }
  const segments = decodeSegments(rest);
  const others = segments.filter(({ tag }) => tag !== PLACE_TAG).map(regionOf);
  return {
    chip,
    atr: fromHex(values.atr),
    serial: fromHex(values.cardSerial),
    regions: joined([...placed(values, segments), ...others]),
  };
}

/** Each field that holds a file has one place, and each place such a field. */
function placed(
  values: Readonly<Record<FileName, string | null>>,
  segments: readonly Segment[],
): RegionData[] {
  const places = segments
    .filter(({ tag }) => tag === PLACE_TAG)
    .map(({ content }) => decodeFields(PLACE, content));
  const filled = FILE_NAMES.filter((name) => values[name] !== null);
  if (places.length !== filled.length) throw malformed('file', 'has not as many places as there are files');
  return filled.map((name) => {
    const place = places.find(({ file }) => file === name);
    if (place === undefined) throw malformed(name, 'has no place on the card');
    return { zone: place.zone, offset: place.offset, data: fromHex(values[name] ?? '') };
  });
}
