import { CHIP_NAMES, type ChipName } from '@bianmin/shared/chip/contract';
import { fromHex, toHex } from '@bianmin/shared/bytes/hex';
import type { RegionData } from '@bianmin/shared/chip/region';
import { bytesOf, type CardImage } from '@bianmin/shared/meter-card/image';
import { CARD_FILES, FILE_FIELDS } from './card-files.ts';
import { encodeFields, takeFields, type Field } from './fields.ts';
import { malformed } from './malformed.ts';
import { decodeRegions, encodeRegions, joined, without } from './regions.ts';

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

/** The record of a card, to be sealed: its files in fields, whatever else was read in segments behind them. */
export function encodeCard(image: CardImage): Buffer {
  const files = CARD_FILES[image.chip];
  const hexOf = (name: (typeof FILE_FIELDS)[number]): string | null => {
    const bytes = files && bytesOf(image, files[name]);
    return bytes === undefined ? null : toHex(bytes);
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
  const others = without(image.regions, files === undefined ? [] : FILE_FIELDS.map((name) => files[name]));
  return Buffer.concat([head, encodeRegions(others)]);
}

/** The image of a record, with runs that touch joined. Fails with `wire.malformed`. */
export function decodeCard(record: Uint8Array): CardImage {
  const { values, rest } = takeFields(CARD, record);
  const chip = CHIP_NAMES.find((name): name is ChipName => name === values.chip);
  if (chip === undefined) throw malformed('chip', 'names no chip');
  if (values.diversification !== values.cardSerial) {
    throw malformed('diversification', 'is not the serial, which is what keys come from here');
  }
  const regions: RegionData[] = [];
  for (const name of FILE_FIELDS) {
    const hex = values[name];
    if (hex === null) continue;
    const file = CARD_FILES[chip]?.[name];
    const data = fromHex(hex);
    if (file?.length !== data.length) throw malformed(name, 'has not the length that the chip’s file has');
    regions.push({ zone: file.zone, offset: file.offset, data });
  }
  return {
    chip,
    atr: fromHex(values.atr),
    serial: fromHex(values.cardSerial),
    regions: joined([...regions, ...decodeRegions(rest)]),
  };
}
