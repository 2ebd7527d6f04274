import { describe, expect, it } from 'vitest';
import { diffRuns, Target } from './diff.ts';
import type { CardImage } from './image.ts';

const zone = 'main';
/** The runs as `offset: bytes`. */
function runs(
  current: number[],
  wanted: number[],
  more: { offset?: number; pageSize?: number } = {},
): string[] {
  const { offset = 0, pageSize } = more;
  return diffRuns(Uint8Array.from(current), { zone, offset, data: Uint8Array.from(wanted) }, pageSize).map(
    (run) => `${run.zone}+${run.offset}: ${[...run.data].join(' ')}`,
  );
}

describe('what differs', () => {
  it.each([
    ['nothing', [1, 2, 3], [1, 2, 3], []],
    ['all of it', [1, 2, 3], [4, 5, 6], ['main+0: 4 5 6']],
    ['the first', [1, 2, 3], [9, 2, 3], ['main+0: 9']],
    ['the last', [1, 2, 3], [1, 2, 9], ['main+2: 9']],
    ['two runs', [1, 2, 3, 4, 5], [9, 2, 8, 7, 5], ['main+0: 9', 'main+2: 8 7']],
  ])('%s', (_, current, wanted, expected) => {
    expect(runs(current, wanted)).toEqual(expected);
  });

  it('is told by its place in the zone', () => {
    expect(runs([1, 2, 3], [1, 9, 3], { offset: 0x50 })).toEqual(['main+81: 9']);
  });

  it.each([
    ['within a page is one run', 0, 4, ['main+0: 9 2 8']],
    ['across pages of the zone stays apart', 2, 4, ['main+2: 9', 'main+4: 8']],
    ['counts pages from the zone’s start', 1, 2, ['main+1: 9', 'main+3: 8']],
    ['on one page again', 4, 4, ['main+4: 9 2 8']],
  ])('%s', (_, offset, pageSize, expected) => {
    expect(runs([1, 2, 3, 4], [9, 2, 8, 4], { offset, pageSize })).toEqual(expected);
  });

  it('on three pages is a run a page', () => {
    expect(runs([1, 1, 1, 1, 1, 1], [9, 1, 9, 9, 1, 9], { pageSize: 2 })).toEqual([
      'main+0: 9',
      'main+2: 9 9',
      'main+5: 9',
    ]);
  });

  it('is joined with all before it on the page', () => {
    expect(runs([1, 1, 1, 1, 1], [9, 1, 9, 1, 9], { pageSize: 8 })).toEqual(['main+0: 9 1 9 1 9']);
  });
});

describe('what a card should hold', () => {
  const image: CardImage = {
    chip: 'SLE4442',
    atr: Uint8Array.of(0xa2),
    serial: new Uint8Array(8),
    regions: [{ zone, offset: 4, data: Uint8Array.of(1, 2, 3, 4) }],
  };

  it('is what was read, and each step laid over it; what was read stays', () => {
    const target = new Target(image);
    expect(target.differs({ zone, offset: 5, data: Uint8Array.of(2, 3) })).toBe(false);
    expect(target.differs({ zone, offset: 5, data: Uint8Array.of(2, 9) })).toBe(true);
    target.set({ zone, offset: 5, data: Uint8Array.of(8, 9) });
    expect([...target.current({ zone, offset: 4, length: 4 })]).toEqual([1, 8, 9, 4]);
    expect([...target.current({ zone, offset: 6, data: new Uint8Array(2) })]).toEqual([9, 4]);
    expect([...(target.image().regions[0]?.data ?? [])]).toEqual([1, 8, 9, 4]);
    expect(target.image()).toMatchObject({ chip: 'SLE4442', atr: Uint8Array.of(0xa2) });
    expect([...(image.regions[0]?.data ?? [])]).toEqual([1, 2, 3, 4]);
  });

  it('knows no bytes that were not read', () => {
    expect(() => new Target(image).current({ zone, offset: 7, length: 2 })).toThrow(
      new RangeError('these bytes were not read'),
    );
  });
});
