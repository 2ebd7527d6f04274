import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { caseIdOf, SYSTEM } from '../../cases/case.ts';
import { Cases } from '../../cases/cases.ts';
import { dayPlus } from '../../kernel/china-time.ts';
import { comparedDay } from '../../testing/compared-day.ts';
import { MemoryCaseStore } from '../../testing/memory-cases.ts';
import { caseOfDifference } from './difference.ts';
import { MissingMoney } from './missing.ts';
import type { GridTransfer, PaidDays } from './transfer.ts';

const GRID = 'collection-v1';
const FIRST = '2026-03-01';

/** A transfer of `fen` for days that owe these sums. */
function town(owed: readonly number[], fen: number) {
  const all = owed.map((each, at) => comparedDay(dayPlus(FIRST, at), each));
  const cases = new MemoryCaseStore();
  const list = (from: string, to: string) =>
    Promise.resolve(all.filter(({ _id }) => from <= _id && _id <= to));
  const owedFen = owed.reduce((sum, each) => sum + each, 0);
  const transfer: GridTransfer = {
    ...{ _id: 'transfer-1', grid: GRID, n: 1, kind: 'paid', from: FIRST, to: all.at(-1)?._id ?? FIRST, fen },
    ...{ owedFen, reference: 'BANK-1', paidOn: '2026-03-20', by: 'boris', at: new Date(0) },
  };
  const paid = (over: Partial<GridTransfer> = {}, rests: readonly number[] = []): PaidDays => {
    const first = { ...transfer, ...over };
    const later = rests.map((each) => ({ ...first, kind: 'rest' as const, restOf: first._id, fen: each }));
    return { transfer: first, rests: later, fen: rests.reduce((sum, each) => sum + each, first.fen) };
  };
  const missing = new MissingMoney({ grid: GRID, days: { list }, cases });
  /** What is still to be paid of each day. */
  const toPay = (of = paid()): Promise<number[]> =>
    Promise.all(
      owed.map(async (each, at) => Math.min(Math.max(each, 0), await missing.upTo(dayPlus(FIRST, at), of))),
    );
  return { transfer, paid, toPay, desk: new Cases({ store: cases, clock: new ManualClock() }) };
}

describe('what a transfer left to be paid', () => {
  it('is of its newest days', async () => {
    expect(await town([500, 300, 200], 1000).toPay()).toEqual([0, 0, 0]);
    expect(await town([500, 300, 200], 900).toPay()).toEqual([0, 0, 100]);
    expect(await town([500, 300, 200], 600).toPay()).toEqual([0, 200, 200]);
    expect(await town([500, 0, 200, 0], 400).toPay()).toEqual([100, 0, 200, 0]);
    expect(await town([500, 300, 200], 1200).toPay()).toEqual([0, 0, 0]);
  });

  it('is by what the days came to when they were looked at last', async () => {
    const { paid, toPay } = town([500, 300], 700);
    expect(await toPay(paid({ checked: { at: new Date(0), owedFen: 750 } }))).toEqual([0, 50]);
    expect(await toPay(paid({ checked: { at: new Date(0), owedFen: 700 } }))).toEqual([0, 0]);
  });

  it('is less by what was sent later', async () => {
    const { paid, toPay } = town([500, 300], 400);
    expect(await toPay(paid({}, [50]))).toEqual([50, 300]);
    expect(await toPay(paid({}, [50, 250]))).toEqual([0, 100]);
    expect(await toPay(paid({}, [50, 350]))).toEqual([0, 0]);
  });

  it('is nothing once two persons settled the difference, and stays where it is open or is another', async () => {
    const { transfer, paid, toPay, desk } = town([500, 300], 700);
    const about = caseOfDifference(transfer, -100);
    await desk.openWhileItLasts({ ...about, facts: {} });
    expect(await toPay()).toEqual([0, 100]);
    await desk.end(caseIdOf(about), SYSTEM, 'It fits.');
    expect(await toPay()).toEqual([0, 100]);
    await desk.openWhileItLasts({ ...about, facts: {} });
    await desk.resolve(caseIdOf(about), { id: 'boris', name: 'b' }, 'Waived.', { twoPersons: true });
    expect(await toPay()).toEqual([0, 0]);
    expect(await toPay(paid({ fen: 650 }))).toEqual([0, 150]);
  });

  it('comes to what is missing in all, and no day is short while one after it is paid', async () => {
    const owed = fc.array(fc.integer({ min: -500, max: 5000 }), { minLength: 1, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(owed, fc.nat(100_000), async (days, fen) => {
        const left = await town(days, fen).toPay();
        const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0);
        expect(sum(left)).toBe(Math.max(sum(days) - fen, 0));
        const short = left.findIndex((each) => each > 0);
        if (short === -1) return;
        expect(left.slice(short + 1)).toEqual(days.slice(short + 1).map((each) => Math.max(each, 0)));
      }),
    );
  });
});
