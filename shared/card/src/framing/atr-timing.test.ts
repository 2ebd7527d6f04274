import { describe, expect, it } from 'vitest';
import { fromHex } from '../bytes/hex.ts';
import { timesOf } from './atr-timing.ts';
import { parseAtr } from './atr.ts';
import { DEFAULT_FI_DI, fiDiOf } from './fi-di.ts';
import { withTck } from '../testing/atr-with-tck.ts';

describe('times of a card', () => {
  // By hand at 3.5712 MHz, so that one unit after reset is 372 / 3.5712 = 104.17 µs.
  const clockHz = 3_571_200;

  it('are those of the standard after reset', () => {
    const times = timesOf(parseAtr(fromHex('3B00')), { fiDi: DEFAULT_FI_DI, clockHz });
    expect(times.etu).toBeCloseTo(104.167, 2);
    // 10 × 960 × 372 cycles: one second, as every T=0 driver knows it.
    expect(times.wait).toBeCloseTo(1e6, 0);
    expect(times.guard).toBeCloseTo(12 * 104.167, 1);
    // BWI 4: 11 etu and 16 × 960 × 372 cycles.
    expect(times.blockWait).toBeCloseTo(1.6e6 + 11 * 104.167, 0);
    expect(times.characterWait).toBeCloseTo((11 + 8192) * 104.167, -1);
  });

  it('shrink with the speed in force, waiting times excepted', () => {
    const atr = parseAtr(fromHex('3B5095' + '02'));
    const slow = timesOf(atr, { fiDi: DEFAULT_FI_DI, clockHz });
    const fast = timesOf(atr, { fiDi: 0x95, clockHz });
    expect(fast.etu).toBeCloseTo(slow.etu * (32 / 372), 5);
    expect(fast.wait).toBe(slow.wait);
    expect(fast.guard).toBeCloseTo(14 * fast.etu, 5);
  });

  it('count extra guard time in units of the greatest speed where T=15 is there, and N of 255 as the least', () => {
    const global = withTck('3BD095' + '02' + '801F01');
    const { etu, guard } = timesOf(global, { fiDi: DEFAULT_FI_DI, clockHz });
    expect(guard).toBeCloseTo(12 * etu + (2 * 512 * 1e6) / 16 / clockHz, 5);
    const least = timesOf(withTck('3BC0' + 'FF' + '01'), { fiDi: DEFAULT_FI_DI, clockHz });
    expect(least.guard).toBeCloseTo(11 * least.etu, 5);
  });

  it('take reserved speeds for those of reset', () => {
    expect(fiDiOf(0x75)).toBeUndefined();
    expect(fiDiOf(0x95)).toEqual({ fi: 512, di: 16, fMaxKHz: 5000 });
    expect(timesOf(parseAtr(fromHex('3B1075')), { fiDi: 0x75, clockHz }).etu).toBeCloseTo(104.167, 2);
  });
});
