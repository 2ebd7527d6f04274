import { fromHex } from '../bytes/hex.ts';
import type { Region, RegionData } from '../chip/region.ts';
import { builtInLayout } from '../meter-card/built-in-layouts.ts';
import type { CardLayout } from '../meter-card/layout.ts';
import { PARAMETERS_LENGTH, PURSE_MAC_LENGTH, RETURN_LENGTH } from './meter-layout.ts';
import { PURSE_LENGTH } from './meter-purse.ts';
import { SECOND_CPU, SECOND_SLE4442 } from './second-maker.ts';

/** Chips that the sandbox grid issues cards of. */
export const METER_CHIPS = ['SLE4442', 'SLE4428', 'CPU', 'AT88SC1608', 'AT88SC1602', 'AT88SC153'] as const;
export type MeterChip = (typeof METER_CHIPS)[number];
export type MemoryChip = Exclude<MeterChip, 'CPU'>;

/** Cards that it issues: each chip's by the first maker, and those of the second. */
export const METER_CARDS = [...METER_CHIPS, 'second-SLE4442', 'second-CPU'] as const;
export type MeterCard = (typeof METER_CARDS)[number];

/** The chip that a card has. */
export function chipOf(card: MeterCard): MeterChip {
  return card === 'second-SLE4442' ? 'SLE4442' : card === 'second-CPU' ? 'CPU' : card;
}

/** Where the files of a chip are: the ranges that a purchase may change, and the serial, which none may. */
export interface MeterFiles {
  readonly serial: Region;
  readonly parameters: Region;
  /** On memory chips with its MAC. */
  readonly purse: Region;
  readonly returnData: Region;
  /** The byte of an empty return file: what the chip comes to with the least wear. */
  readonly blank: 0x00 | 0xff;
  /** Codes that guard the files: the chip's number of each and its length, bytes. */
  readonly codes: readonly { readonly key: number; readonly length: number }[];
}

const PURSE = PURSE_LENGTH + PURSE_MAC_LENGTH;

/** One zone of at least 145 bytes with everything in it, as on both Siemens chips. */
const inMain = (codeLength: number): MeterFiles => ({
  serial: { zone: 'main', offset: 0x08, length: 8 },
  parameters: { zone: 'main', offset: 0x20, length: PARAMETERS_LENGTH },
  purse: { zone: 'main', offset: 0x50, length: PURSE },
  returnData: { zone: 'main', offset: 0x60, length: RETURN_LENGTH },
  blank: 0x00,
  codes: [{ key: 0, length: codeLength }],
});

/** Our own choice on every chip: layouts of real meter cards are not public. `BUILT_IN_LAYOUTS` reads the same bytes. */
export const METER_FILES: Readonly<Record<MeterCard, MeterFiles>> = {
  SLE4442: inMain(3),
  SLE4428: inMain(2),
  CPU: {
    serial: { zone: 'mf:19', offset: 1, length: 8 },
    parameters: { zone: 'df01:01', offset: 0, length: PARAMETERS_LENGTH },
    purse: { zone: 'df01:02', offset: 0, length: PURSE_LENGTH },
    returnData: { zone: 'df01:05', offset: 0, length: RETURN_LENGTH },
    blank: 0x00,
    codes: [],
  },
  // The purse lies within one page of 16 bytes, so that it is changed in one cycle.
  AT88SC1608: {
    serial: { zone: 'user0', offset: 0x00, length: 8 },
    parameters: { zone: 'user0', offset: 0x10, length: PARAMETERS_LENGTH },
    purse: { zone: 'user0', offset: 0x40, length: PURSE },
    returnData: { zone: 'user0', offset: 0x50, length: RETURN_LENGTH },
    blank: 0x00,
    codes: [{ key: 0, length: 3 }],
  },
  AT88SC153: {
    serial: { zone: 'user0', offset: 0, length: 8 },
    parameters: { zone: 'user0', offset: 8, length: PARAMETERS_LENGTH },
    purse: { zone: 'user1', offset: 0, length: PURSE },
    returnData: { zone: 'user2', offset: 0, length: RETURN_LENGTH },
    blank: 0x00,
    codes: [{ key: 0, length: 3 }],
  },
  // Byte 0 of an application zone holds its two access bits. Erasing is a pulse a byte, writing a pulse a bit: FF.
  AT88SC1602: {
    serial: { zone: 'iz', offset: 0, length: 8 },
    parameters: { zone: 'az1', offset: 1, length: PARAMETERS_LENGTH },
    purse: { zone: 'az1', offset: 48, length: PURSE },
    returnData: { zone: 'az1', offset: 64, length: RETURN_LENGTH },
    blank: 0xff,
    codes: [
      { key: 0, length: 2 },
      { key: 1, length: 2 },
    ],
  },
  'second-SLE4442': {
    serial: SECOND_SLE4442.serial,
    parameters: { zone: 'main', offset: 0x70, length: PARAMETERS_LENGTH },
    purse: SECOND_SLE4442.purse,
    returnData: { zone: 'main', offset: 0x34, length: RETURN_LENGTH },
    blank: 0x00,
    codes: [{ key: 0, length: 3 }],
  },
  'second-CPU': {
    serial: SECOND_CPU.serial,
    parameters: { zone: 'df01:07', offset: 0, length: PARAMETERS_LENGTH },
    purse: SECOND_CPU.purse,
    returnData: { zone: 'df01:03', offset: 0, length: RETURN_LENGTH },
    blank: 0x00,
    codes: [],
  },
};

/** The layout of a card, by itself: as in a document where its maker is the chip's only one. */
export function layoutOfCard(card: MeterCard): CardLayout {
  if (card === 'second-SLE4442') return SECOND_SLE4442;
  if (card === 'second-CPU') return SECOND_CPU;
  const layout = builtInLayout(card);
  if (layout === undefined) throw new RangeError(`no layout of ${card}`);
  return layout;
}

/** What an issuer puts on a card for its maker to be known by. */
export function marksOn(card: MeterCard): RegionData[] {
  return layoutOfCard(card).recognise.map(({ zone, offset, bytes }) => ({
    zone,
    offset,
    data: fromHex(bytes),
  }));
}

/** What a purchase puts into the return file. */
export function blankReturnData(card: MeterCard): Uint8Array {
  return new Uint8Array(RETURN_LENGTH).fill(METER_FILES[card].blank);
}

/** A card's derived code material, cut into the chip's codes in their order. */
export function codesOf(card: MeterCard, material: Uint8Array): { key: number; code: Uint8Array }[] {
  let at = 0;
  return METER_FILES[card].codes.map(({ key, length }) => {
    const code = material.slice(at, at + length);
    at += length;
    return { key, code };
  });
}

/** Bytes of code material that a chip's codes take together. */
export function codeMaterialLength(card: MeterCard): number {
  return METER_FILES[card].codes.reduce((sum, { length }) => sum + length, 0);
}
