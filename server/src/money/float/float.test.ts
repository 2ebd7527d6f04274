import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFloat } from '../../testing/memory-counter.ts';
import {
  handOutId,
  refusalOf,
  takenOn,
  undoneId,
  withEntry,
  type CommitteeFloat,
  type FloatEntry,
} from './float.ts';
import { begun, withShift } from './shift.ts';

/** Noon in China, and the last moment of that day there. */
const NOON = new Date('2026-03-01T04:00:00Z');
const [LAST, NEXT] = [new Date('2026-03-01T15:59:59.999Z'), new Date('2026-03-01T16:00:00Z')];
const TODAY = { day: '2026-03-01', dayFen: 20_000 };

const NEW_SHIFT = { id: 's1', staff: 'u1', number: '104817', terminalId: 'T1', orgPath: ['province'] };

const entry = (kind: FloatEntry['kind'], fen: number, at = NOON): FloatEntry => ({
  ...{ _id: 'e1', float: 'tianshan-1', kind, fen, debit: 'x', credit: 'y', by: 'z', at },
});
const after = (float: CommitteeFloat, of: FloatEntry, taken?: FloatEntry): CommitteeFloat => {
  const next = withEntry(float, of, taken);
  if (typeof next === 'string') throw new Error(next);
  return next;
};

describe('what a float has paid today', () => {
  it('is what it paid on its day in China, and nothing on another', () => {
    const float = sampleFloat(TODAY);
    expect([NOON, LAST, NEXT].map((at) => takenOn(float, at))).toEqual([20_000, 20_000, 0]);
    expect(takenOn(sampleFloat(), NOON)).toBe(0);
  });
});

describe('a float that does not pay', () => {
  it('is frozen, whatever it has', () => {
    expect(refusalOf(sampleFloat({ frozen: true }), 1, NOON)).toBe('float.frozen');
    expect(refusalOf(sampleFloat({ frozen: false }), 1, NOON)).toBeUndefined();
  });

  it('has less than is asked for', () => {
    const float = sampleFloat({ balanceFen: 5000 });
    expect([5000, 5001].map((fen) => refusalOf(float, fen, NOON))).toEqual([undefined, 'float.empty']);
  });

  it('has paid what it may in a day, until the next one', () => {
    const float = sampleFloat(TODAY);
    expect(refusalOf(float, 30_000, NOON)).toBeUndefined();
    expect([NOON, LAST, NEXT].map((at) => refusalOf(float, 30_001, at))).toEqual([
      ...['float.day-limit', 'float.day-limit', undefined],
    ]);
  });
});

describe('an entry of a float', () => {
  it('that is taken leaves less, counts to its day, and is among the newest', () => {
    const old = entry('top-up', 7);
    const float = sampleFloat({ ...TODAY, recent: [old], version: 4 });
    expect(after(float, entry('taken', 5000))).toEqual({
      ...{ ...float, balanceFen: 95_000, dayFen: 25_000, version: 5 },
      recent: [old, entry('taken', 5000)],
    });
    expect(after(float, entry('taken', 5000, NEXT))).toMatchObject({ day: '2026-03-02', dayFen: 5000 });
    expect(withEntry(float, entry('taken', 30_001))).toBe('float.day-limit');
    expect(withEntry({ ...float, frozen: true }, entry('taken', 1))).toBe('float.frozen');
  });

  it('that is given back leaves more, and frees the day’s limit where it was taken on that day', () => {
    const float = sampleFloat(TODAY);
    const back = entry('given-back', 5000);
    expect(after(float, back, entry('taken', 5000))).toMatchObject({ balanceFen: 105_000, dayFen: 15_000 });
    expect(after(float, back)).toMatchObject({ balanceFen: 105_000, dayFen: 20_000 });
    const yesterday = entry('taken', 5000, new Date('2026-02-28T15:59:59Z'));
    expect(after(float, back, yesterday)).toMatchObject({ balanceFen: 105_000, dayFen: 20_000 });
    const large = entry('given-back', 20_001);
    expect(after(float, large, entry('taken', 20_001)).dayFen).toBe(0);
    // A float that is frozen still has its money back.
    expect(after({ ...float, frozen: true }, back).balanceFen).toBe(105_000);
  });

  it('that came from the bank leaves more, and may go back as far as it is still there', () => {
    const float = sampleFloat({ ...TODAY, balanceFen: 3000 });
    expect(after(float, entry('top-up', 500))).toMatchObject({ balanceFen: 3500, dayFen: 20_000 });
    expect(after(float, entry('top-up-undone', 3000))).toMatchObject({ balanceFen: 0, dayFen: 20_000 });
    expect(withEntry(float, entry('top-up-undone', 3001))).toBe('float.empty');
  });

  it('of cash that was handed out, or of a number under which none is taken, moves no money', () => {
    const float = sampleFloat({ ...TODAY, balanceFen: 3000 });
    for (const kind of ['handed-out', 'closed', 'shift-closed'] as const) {
      const next = after(float, entry(kind, 5000));
      expect(next).toMatchObject({ ...TODAY, balanceFen: 3000, version: 2, recent: [{ kind }] });
    }
  });

  it('that is of a shift changes it in the same write, and is refused where that is not open', () => {
    const drawers = withShift({}, begun({}, NEW_SHIFT, NOON));
    const float = sampleFloat({ ...drawers, frozen: false });
    const taken = { ...entry('taken', 5000), shift: 's1' };
    expect(after(float, taken)).toMatchObject({
      ...{ balanceFen: 95_000, shifts: [{ id: 's1', takenFen: 5000, times: 1 }], recent: [taken] },
    });
    expect(after(float, { ...entry('handed-out', 70), shift: 's1' })).toMatchObject({
      ...{ balanceFen: 100_000, shifts: [{ backFen: 70, backTimes: 1 }] },
    });
    expect(after(float, { ...entry('shift-closed', 0), shift: 's1' })).toMatchObject({ shifts: [] });
    expect(after(float, entry('taken', 5000)).shifts).toEqual(drawers.shifts);
    expect(withEntry(float, { ...taken, shift: 's2' })).toBe('shift.none');
    expect(withEntry(float, { ...taken, fen: 50_001 })).toBe('float.day-limit');
    expect(withEntry(sampleFloat(), taken)).toBe('shift.none');
  });

  it('never leaves a float below zero or over its day', () => {
    const kind = fc.constantFrom('taken', 'given-back', 'top-up', 'top-up-undone', 'closed');
    const steps = fc.array(fc.record({ kind, fen: fc.nat(9000), hours: fc.nat(9) }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (all) => {
        let at = Date.UTC(2026, 0, 1);
        let now = sampleFloat({ balanceFen: 10_000, dayLimitFen: 12_000 });
        for (const { kind: of, fen, hours } of all) {
          at += hours * 3_600_000;
          const next = withEntry(now, entry(of, fen, new Date(at)));
          if (typeof next === 'string') continue;
          expect(next.balanceFen).toBeGreaterThanOrEqual(0);
          expect(next.dayFen).toBeLessThanOrEqual(12_000);
          now = next;
        }
      }),
    );
  });

  it('has its own number where it undoes a top-up or hands a refund out', () => {
    expect([undoneId('topup-1'), handOutId('p1r3')]).toEqual(['topup-1-undone', 'p1r3-out']);
  });
});
