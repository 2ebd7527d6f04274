import { describe, expect, it } from 'vitest';
import type { ChipDriver } from '../chip/contract.ts';
import { ChipError } from '../chip/error.ts';
import type { Region } from '../chip/region.ts';
import type { CardImage } from './image.ts';
import { rereadRanges } from './read.ts';
import { readBuiltIn } from '../testing/read-built-in.ts';

const ATR = Uint8Array.of(0x3b, 0x04);

/** Reads each place as its own number, and writes down what was asked. */
function driverOf(chip: string): { driver: ChipDriver; asked: string[] } {
  const asked: string[] = [];
  const read = ({ zone, offset, length }: Region): Promise<Uint8Array> => {
    asked.push(`${zone} ${offset} ${length}`);
    return Promise.resolve(Uint8Array.from({ length }, (_, n) => offset + n));
  };
  return { driver: { chip, read } as unknown as ChipDriver, asked };
}

describe('a card', () => {
  it('is read in as few runs as its files allow, its serial among them', async () => {
    const { driver, asked } = driverOf('SLE4442');
    const image = await readBuiltIn(driver, ATR);
    expect(asked).toEqual(['main 8 137']);
    expect(image).toMatchObject({ chip: 'SLE4442', atr: ATR });
    expect([...image.serial]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect(image.regions.map(({ zone, offset, data }) => [zone, offset, data.length])).toEqual([
      ['main', 8, 137],
    ]);
  });

  it('is read file by file where they lie apart', async () => {
    const { driver, asked } = driverOf('CPU');
    await readBuiltIn(driver, ATR);
    expect(asked).toEqual(['mf:19 1 8', 'df01:01 0 45', 'df01:02 0 8', 'df01:05 0 49']);
  });

  it('has a serial and an answer to reset of its own: later bytes of the reader do not change them', async () => {
    const { driver } = driverOf('SLE4442');
    const atr = ATR.slice();
    const image = await readBuiltIn(driver, atr);
    atr.fill(0);
    image.regions[0]?.data.fill(0);
    expect([...image.atr]).toEqual([0x3b, 0x04]);
    expect([...image.serial]).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('of no known layout is unreadable', async () => {
    await expect(readBuiltIn(driverOf('AT88SC102').driver, ATR)).rejects.toMatchObject({
      code: 'meter-card.unreadable',
      message: 'No layout is known for this kind of card. Please ask the staff.',
      context: { chip: 'AT88SC102' },
    });
  });

  it('that refuses to be read is told in the words of meter cards', async () => {
    const read = (): Promise<Uint8Array> =>
      Promise.reject(new ChipError({ code: 'chip.unreadable', message: 'No answer.' }));
    const driver = { chip: 'SLE4442', read } as unknown as ChipDriver;
    await expect(readBuiltIn(driver, ATR)).rejects.toMatchObject({ code: 'meter-card.unreadable' });
  });
});

describe('what a plan may change', () => {
  const image: CardImage = {
    chip: 'SLE4442',
    atr: ATR,
    serial: new Uint8Array(8),
    regions: [
      { zone: 'main', offset: 10, data: new Uint8Array(10).fill(0xee) },
      { zone: 'other', offset: 0, data: new Uint8Array(4).fill(0xee) },
    ],
  };
  const again = async (...ranges: Region[]): Promise<{ asked: string[]; main: number[] }> => {
    const { driver, asked } = driverOf('SLE4442');
    const fresh = await rereadRanges(driver, image, ranges);
    expect(fresh.regions[1]).toEqual(image.regions[1]);
    return { asked, main: [...(fresh.regions[0]?.data ?? [])] };
  };

  it.each<[string, Region[], string[], number[]]>([
    ['within a region', [{ zone: 'main', offset: 12, length: 3 }], ['main 12 3'], [2, 3, 4]],
    ['at its beginning', [{ zone: 'main', offset: 10, length: 1 }], ['main 10 1'], [0]],
    ['at its end', [{ zone: 'main', offset: 19, length: 1 }], ['main 19 1'], [9]],
    ['two ranges, as one run', [{ zone: 'main', offset: 16, length: 1 }, { zone: 'main', offset: 12, length: 2 }], ['main 12 5'], [2, 3, 4, 5, 6]],
    ['beyond both ends: what was read', [{ zone: 'main', offset: 0, length: 99 }], ['main 10 10'], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['just before it: nothing', [{ zone: 'main', offset: 0, length: 10 }], [], []],
    ['just behind it: nothing', [{ zone: 'main', offset: 20, length: 4 }], [], []],
    ['of another zone: nothing', [{ zone: 'third', offset: 12, length: 3 }], [], []],
    ['nothing', [], [], []],
  ])('is read again: %s', async (_, ranges, asked, changed) => {
    const found = await again(...ranges);
    expect(found.asked).toEqual(asked);
    expect(found.main.flatMap((byte, n) => (byte === 0xee ? [] : [n]))).toEqual(changed);
    expect(found.main.flatMap((byte) => (byte === 0xee ? [] : [byte - 10]))).toEqual(changed);
  }); // prettier-ignore

  it('leaves the image that was read as it was', async () => {
    await again({ zone: 'main', offset: 12, length: 3 });
    expect([...(image.regions[0]?.data ?? [])]).toEqual(Array.from({ length: 10 }, () => 0xee));
  });
});
