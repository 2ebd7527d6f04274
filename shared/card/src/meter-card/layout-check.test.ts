import { describe, expect, it } from 'vitest';
import { CHIP_NAMES } from '../chip/contract.ts';
import type { CpuDialect } from '../chip/cpu/dialect.ts';
import { FILE_ZONES } from '../chip/file-zones.ts';
import { codeOf } from '../errors.ts';
import { BOTH_MAKERS, SECOND_CPU, SECOND_DIALECT, SECOND_SLE4442 } from '../testing/second-maker.ts';
import { BUILT_IN_LAYOUTS } from './built-in-layouts.ts';
import { checkLayouts } from './layout-check.ts';
import type { CardLayout } from './layout.ts';

function refusal(...layouts: CardLayout[]): string | undefined {
  try {
    checkLayouts({ version: 2, layouts });
    return undefined;
  } catch (error) {
    return `${codeOf(error)}: ${(error as Error).message}`;
  }
}

const main = (offset: number, length: number) => ({ zone: 'main', offset, length });
const { files: FILES, ...UNFILED } = SECOND_SLE4442;
const memory = (over: Partial<CardLayout>): CardLayout => ({ ...UNFILED, recognise: [], ...over });
const cpu = (over: Partial<CardLayout>, dialect: Partial<CpuDialect> = {}): CardLayout => ({
  ...SECOND_CPU,
  dialect: { ...SECOND_DIALECT, ...dialect },
  ...over,
});
const mark = (offset: number) => [{ zone: 'main', offset, bytes: 'AABB' }];

describe('layouts that are taken', () => {
  it('are those that every terminal is born with, and the two makers’', () => {
    expect(refusal(...BUILT_IN_LAYOUTS.layouts)).toBeUndefined();
    expect(refusal(...BOTH_MAKERS.layouts)).toBeUndefined();
  });

  it('may have their purse right behind and right before what a card is known by', () => {
    expect(refusal(memory({ serial: main(0x20, 8) }))).toBeUndefined();
    expect(refusal(memory({ serial: main(0x34, 8) }))).toBeUndefined();
    expect(refusal(memory({ recognise: mark(0x26) }))).toBeUndefined();
  });

  it.each(CHIP_NAMES.filter((chip) => chip !== 'CPU'))('of %s reach to the ends of its zones', (chip) => {
    const { zones, codes } = FILE_ZONES[chip];
    for (const [zone, { from, end, readOnly }] of Object.entries(zones)) {
      const whole = { zone, offset: from, length: end - from };
      const over = {
        chip,
        codes,
        regions: [whole],
        serial: { zone, offset: from, length: 8 },
        purse: { zone, offset: end - 12, length: 12 },
      };
      if (readOnly === true) continue;
      expect(refusal(memory(over)), zone).toBeUndefined();
      const beyond = { ...whole, length: whole.length + 1 };
      expect(refusal(memory({ ...over, regions: [beyond] })), zone).toMatch(/none of the card’s files/);
      if (from === 0) continue;
      const before = { ...whole, offset: from - 1, length: 2 };
      expect(refusal(memory({ ...over, regions: [whole, before] })), zone).toMatch(
        /none of the card’s files/,
      );
    }
  });
});

describe('layouts that are refused', () => {
  it.each<[string, CardLayout, RegExp]>([
    ['the answer to reset', memory({ regions: [main(3, 60)] }), /none of the card’s files/],
    ['its serial there', memory({ serial: main(3, 8) }), /none of the card’s files/],
    ['a mark there', memory({ recognise: mark(0) }), /none of the card’s files/],
    ['behind the end', memory({ regions: [main(0x28, 0xd9)] }), /none of the card’s files/],
    ['a zone of codes', memory({ regions: [{ zone: 'security', offset: 0, length: 4 }] }), /none of the/],
    [
      'a property of objects',
      memory({ purse: { zone: 'constructor', offset: 0, length: 1 } }),
      /none of the/,
    ],
    ['a serial of seven', memory({ serial: main(4, 7) }), /not of 8 bytes/],
    ['a purse not read', memory({ purse: main(0x28, 13), regions: [main(0x28, 12)] }), /not read/],
    ['its purse on the serial', memory({ serial: main(0x33, 8) }), /what a card is known by/],
    ['its purse on a mark', memory({ recognise: mark(0x27) }), /what a card is known by/],
    [
      'a file that is not read',
      memory({ files: { parameters: main(0x9d, 45), returnData: main(0x34, 49) } }),
      /a file that is not read/,
    ],
    [
      'a file on another',
      memory({
        regions: [main(0x28, 0x75)],
        files: { parameters: main(0x70, 45), returnData: main(0x30, 49) },
      }),
      /one file on another/,
    ],
    ['files beside its dialect', cpu({ ...(FILES === undefined ? {} : { files: FILES }) }), /in two places/],
    ['no codes', memory({ codes: [] }), /the codes of its chip/],
    ['a code twice', memory({ codes: [0, 0] }), /the codes of its chip/],
    ['another code', memory({ codes: [1] }), /the codes of its chip/],
    ['another code beside its own', memory({ codes: [0, 1] }), /the codes of its chip/],
    [
      'a purse read from its second byte on',
      memory({ purse: main(0x28, 12), regions: [main(0x29, 12)] }),
      /not read/,
    ],
    ['a dialect', memory({ dialect: SECOND_DIALECT }), /a memory chip a dialect/],
    [
      'the secure code of an AT88SC1608',
      memory({
        chip: 'AT88SC1608',
        codes: [7],
        serial: { zone: 'user0', offset: 0, length: 8 },
        regions: [{ zone: 'user0', offset: 8, length: 12 }],
        purse: { zone: 'user0', offset: 8, length: 12 },
      }),
      /the codes of its chip/,
    ],
    [
      'the passwords of an AT88SC153',
      memory({ chip: 'AT88SC153', regions: [{ zone: 'config', offset: 0, length: 8 }] }),
      /none of the card’s files/,
    ],
    [
      'its purse where the issuer alone writes',
      memory({
        chip: 'AT88SC1602',
        codes: [0, 1],
        serial: { zone: 'az1', offset: 1, length: 8 },
        regions: [{ zone: 'iz', offset: 0, length: 8 }],
        purse: { zone: 'iz', offset: 0, length: 8 },
      }),
      /nothing can be written/,
    ],
  ])('name %s', (_, layout, said) => {
    expect(refusal(layout)).toMatch(/^layouts\.unsafe: /);
    expect(refusal(layout)).toMatch(said);
  });

  it.each<[string, CardLayout, RegExp]>([
    ['no dialect', { ...SECOND_SLE4442, chip: 'CPU', codes: [] }, /none of the card’s files/],
    ['codes', cpu({ codes: [0] }), /codes beside it/],
    ['bytes behind a file', cpu({ regions: [{ zone: 'df01:06', offset: 0, length: 9 }] }), /none of the/],
    [
      'a file that is not there',
      cpu({ regions: [{ zone: 'df01:08', offset: 0, length: 1 }] }),
      /none of the/,
    ],
    [
      'a file twice',
      cpu({}, { files: [...SECOND_DIALECT.files, ...SECOND_DIALECT.files.slice(0, 1)] }),
      /twice/,
    ],
    ['one directory for two', cpu({}, { directories: { mf: 0x3f00, df01: 0x3f00 } }), /one directory/],
    ['one key for two', cpu({}, { keys: { internal: 4, external: 4 } }), /one key/],
    [
      'another serial than its dialect',
      cpu({}, { serial: { in: 'file', region: { zone: 'mf:15', offset: 2, length: 8 } } }),
      /two places/,
    ],
    [
      'a serial in another file than its dialect',
      cpu({}, { serial: { in: 'file', region: { ...SECOND_CPU.serial, zone: 'df01:01' } } }),
      /two places/,
    ],
    [
      'a serial of another length than its dialect',
      cpu({}, { serial: { in: 'file', region: { ...SECOND_CPU.serial, length: 7 } } }),
      /two places/,
    ],
    [
      'a serial in the answer to reset',
      cpu({}, { serial: { in: 'atr', offset: 5, length: 8 } }),
      /two places/,
    ],
    [
      'its purse in a file that only the issuer writes',
      cpu({}, { files: SECOND_DIALECT.files.map((file) => ({ ...file, update: 'never' as const })) }),
      /nothing can be written/,
    ],
    [
      'a file of records',
      cpu({}, { files: SECOND_DIALECT.files.map((file) => ({ ...file, records: { count: 1, length: 8 } })) }),
      /none of the card’s files/,
    ],
  ])('of CPU cards have %s', (_, layout, said) => {
    expect(refusal(layout)).toMatch(/^layouts\.unsafe: /);
    expect(refusal(layout)).toMatch(said);
  });

  it('cannot be told apart', () => {
    const [first = SECOND_SLE4442] = BUILT_IN_LAYOUTS.layouts;
    expect(refusal(first, SECOND_SLE4442)).toMatch(/sandbox-SLE4442 cannot be told/);
    expect(refusal(SECOND_SLE4442, { ...SECOND_SLE4442, id: 'third' })).toBeUndefined();
    expect(refusal(SECOND_SLE4442, SECOND_SLE4442)).toMatch(/the name of another/);
    expect(refusal(SECOND_CPU, { ...SECOND_CPU, id: 'third' })).toMatch(/cannot be told/);
    expect(refusal(SECOND_CPU, { ...cpu({}, { maxRead: 31, id: 'other' }), id: 'third' })).toBeUndefined();
  });

  it('read the same bytes, of which one image would not say whose they are', () => {
    const marked = (id: string, over: Partial<CardLayout> = {}): CardLayout => ({
      ...memory({ files: { parameters: main(0x70, 45), returnData: main(0x34, 49) }, ...over }),
      id,
      recognise: [{ zone: 'main', offset: 0x15, bytes: id === 'a' ? '01' : '02' }],
    });
    expect(refusal(marked('a'), marked('b'))).toBeUndefined();
    const elsewhere = { parameters: main(0x70, 45), returnData: main(0x34, 48) };
    expect(refusal(marked('a'), marked('b', { files: elsewhere }))).toMatch(
      /reads the same bytes as another/,
    );
    const more = [...SECOND_SLE4442.regions, main(0x15, 6)];
    expect(refusal(marked('a'), marked('b', { files: elsewhere, regions: more }))).toBeUndefined();
  });

  it('give one dialect two meanings', () => {
    const marked = (id: string, bytes: string, dialect: Partial<CpuDialect> = {}): CardLayout => ({
      ...cpu({}, dialect),
      id,
      recognise: [{ zone: 'df01:07', offset: 0, bytes }],
    });
    expect(refusal(marked('a', '01'), marked('b', '02'))).toBeUndefined();
    expect(refusal(marked('a', '01'), marked('b', '02', { maxRead: 31 }))).toMatch(/changes a dialect/);
  });
});
