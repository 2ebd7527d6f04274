import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { BOTH_MAKERS } from '../testing/second-maker.ts';
import { layoutsFrom, layoutsText } from './layouts-document.ts';

type Json = Record<string, unknown>;

const document = (): Json => JSON.parse(JSON.stringify({ format: 1, ...BOTH_MAKERS, version: 2 })) as Json;
const MEMORY = BOTH_MAKERS.layouts.findIndex(({ recognise, chip }) => chip !== 'CPU' && recognise.length > 0);
const CPU = BOTH_MAKERS.layouts.findIndex(({ chip }) => chip === 'CPU');

/** Of the document with one place changed: its fault and where, or `well-formed`. */
function judged(path: string, value: unknown): string {
  const json = document();
  const names = path
    .replace('MEMORY', `layouts.${MEMORY}`)
    .replace('CPU', `layouts.${CPU}.dialect`)
    .split('.');
  const last = names.pop() ?? '';
  const at = names.reduce((whole, name) => whole[name] as Json, json);
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  try {
    layoutsFrom(json);
  } catch (error) {
    if (codeOf(error) === 'layouts.malformed') return 'malformed';
  }
  return 'well-formed';
}

const many = (count: number, value: unknown): unknown[] => Array.from({ length: count }, () => value);
const FILE = { directory: 'df01', sfi: 1, length: 1, update: 'mac', role: 'control' };
const REGION = { zone: 'main', offset: 0, length: 1 };
const MARK = { zone: 'main', offset: 0, bytes: 'AA' };
const LAYOUT = BOTH_MAKERS.layouts[0];

/** A place, what may just be there, and what may just not. */
const BOUNDS: readonly (readonly [string, readonly unknown[], readonly unknown[]])[] = [
  ['format', [1], [0, 2, undefined]],
  ['version', [1, 1_000_000], [0, 1_000_001, 1.5, '1', undefined]],
  ['layouts', [[LAYOUT], many(64, LAYOUT)], [[], many(65, LAYOUT), undefined]],
  ['more', [], [1]],
  [
    'MEMORY.id',
    ['a', `a${'b'.repeat(47)}`, 'A-1.b'],
    ['', `a${'b'.repeat(48)}`, '-a', '.a', 'a b', 'a\n', 7],
  ],
  ['MEMORY.maker', ['a'], ['', 'a/b', undefined]],
  ['MEMORY.chip', ['SLE4428'], ['SLE4443', undefined]],
  ['MEMORY.recognise', [[], many(4, MARK)], [many(5, MARK), undefined]],
  ['MEMORY.recognise.0.zone', ['', 'z'.repeat(16)], ['z'.repeat(17), 1]],
  ['MEMORY.recognise.0.offset', [0, 0xffff], [-1, 0x1_0000]],
  ['MEMORY.recognise.0.bytes', ['AA', 'AA'.repeat(16)], ['', 'AA'.repeat(17), 'A', 'xx']],
  ['MEMORY.recognise.0.more', [], [1]],
  ['MEMORY.serial', [REGION], [undefined, { ...REGION, more: 1 }]],
  ['MEMORY.regions', [[REGION], many(8, REGION)], [[], many(9, REGION)]],
  ['MEMORY.purse', [REGION], [undefined, 'main']],
  ['MEMORY.codes', [[], [0, 15], many(4, 0)], [[-1], [16], many(5, 0)]],
  ['MEMORY.more', [], [1]],
  ['CPU.id', ['D9'], ['', 'a b']],
  ['CPU.directories.mf', [0x3f00], [0x3f01, undefined]],
  ['CPU.directories.df01', [1, 0xffff], [0, 0x1_0000]],
  ['CPU.directories.more', [], [1]],
  ['CPU.files', [many(3, FILE), many(32, FILE)], [many(2, FILE), many(33, FILE)]],
  ['CPU.files.0.directory', ['mf', 'df01'], ['df02', undefined]],
  ['CPU.files.0.sfi', [1, 30], [0, 31]],
  ['CPU.files.0.length', [1, 0x7fff], [0, 0x8000]],
  ['CPU.files.0.update', ['mac', 'plain', 'never'], ['free', undefined]],
  [
    'CPU.files.0.role',
    ['serial', 'public', 'parameters', 'purse', 'tariff-current', 'tariff-spare', 'control', 'return'],
    ['other', undefined],
  ],
  ['CPU.files.0.pieces', [undefined, [1], many(16, 0xff)], [[], [0], [0x100], many(17, 1)]],
  ['CPU.files.0.records', [], [{ count: 1, length: 8 }]],
  ['CPU.serial', [{ in: 'file', region: REGION }], [{ in: 'atr', region: REGION }, { in: 'file' }]],
  ['CPU.maxRead', [1, 0xff], [0, 0x100]],
  ['CPU.maxUpdate', [1, 0xf0], [0, 0xf1]],
  ['CPU.keys.internal', [0, 0xff], [-1, 0x100]],
  ['CPU.keys.external', [0, 0xff], [-1, 0x100, undefined]],
  ['CPU.keys.more', [], [1]],
  ['CPU.mac.cla', [0x04, 0x84], [0x00, 0x05]],
  ['CPU.mac.length', [4, 8], [6]],
  ['CPU.mac.challengeLength', [4, 8], [6]],
  ['CPU.mac.challengeServes', ['session', 'command'], ['card', undefined]],
  ['CPU.mac.more', [], [1]],
  ['CPU.leastTries', [2, 3], [1, 4]],
  ['CPU.tellsTries', [true, false], ['yes', undefined]],
  ['CPU.more', [], [1]],
];

describe('a document of layouts', () => {
  it.each(BOUNDS)('has %s within its bounds', (path, good, bad) => {
    for (const value of good) expect(judged(path, value), JSON.stringify(value)).toBe('well-formed');
    for (const value of bad) expect(judged(path, value), JSON.stringify(value)).toBe('malformed');
  });

  it('says where it is wrong', () => {
    const json = { ...document(), version: 0 };
    expect(() => layoutsFrom(json)).toThrow(
      expect.objectContaining({ code: 'layouts.malformed', context: { at: 'version' } }) as Error,
    );
    expect(() => layoutsFrom(7)).toThrow(
      expect.objectContaining({ message: expect.stringContaining('meter-layout.md') as string }) as Error,
    );
  });

  it('comes back as it was written, and is not written where a driver may not work by it', () => {
    expect(layoutsFrom(JSON.parse(layoutsText(BOTH_MAKERS)))).toEqual(BOTH_MAKERS);
    const [first, ...rest] = BOTH_MAKERS.layouts;
    const layouts = [{ ...first, codes: [] }, ...rest] as typeof BOTH_MAKERS.layouts;
    expect(() => layoutsText({ version: 2, layouts })).toThrow(
      expect.objectContaining({ code: 'layouts.unsafe' }) as Error,
    );
    expect(() => layoutsText({ version: 0, layouts: BOTH_MAKERS.layouts })).toThrow();
  });
});
