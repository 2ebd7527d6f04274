import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleFloat } from '../../testing/memory-counter.ts';
import { withEntry, type CommitteeFloat, type FloatEntry } from './float.ts';
import {
  begun,
  closedShiftId,
  countedShift,
  drawerFen,
  drawersAfter,
  openShiftOf,
  shiftOf,
  withShift,
  type Drawers,
  type NewShift,
  type Shift,
} from './shift.ts';

const NOON = new Date('2026-03-01T04:00:00Z');
const fresh = (id: string, over: Partial<NewShift> = {}): NewShift => ({
  ...{ id, staff: 'u1', number: '104817', terminalId: 'T1', orgPath: ['province'] },
  ...over,
});
const SUMS = { openingFen: 300, takenFen: 5000, times: 1, backFen: 200, backTimes: 1 };
const shift: Shift = { ...fresh('s1'), openedAt: NOON, ...SUMS };
const COUNT = {
  counted: [{ fen: 5_000, pieces: 1 } as const, { fen: 100, pieces: 2 } as const],
  leftFen: 400,
};

describe('a shift', () => {
  it('begins with what was left in its drawer, which is nobody else’s from then on', () => {
    const left = [
      { terminalId: 'T1', fen: 700 },
      { terminalId: 'T2', fen: 50 },
    ];
    const first = begun({ left }, fresh('s1'), NOON);
    expect(first).toEqual({
      ...{ ...fresh('s1'), openedAt: NOON, openingFen: 700, takenFen: 0, times: 0, backFen: 0, backTimes: 0 },
    });
    const drawers = withShift({ left }, first);
    expect(drawers).toEqual({ shifts: [first], left: [{ terminalId: 'T2', fen: 50 }] });
    const second = begun(drawers, fresh('s2', { staff: 'u2' }), NOON);
    expect(second.openingFen).toBe(0);
    expect(withShift(drawers, second).shifts).toEqual([first, second]);
    expect(begun({}, fresh('s1'), NOON).openingFen).toBe(0);
  });

  it('is found by its id, and by who has it where', () => {
    const drawers = { shifts: [shift] };
    expect([shiftOf(drawers, 's1'), shiftOf(drawers, 's2'), shiftOf({}, 's1')]).toEqual([
      ...[shift, undefined, undefined],
    ]);
    expect(openShiftOf(drawers, { staff: 'u1', terminalId: 'T1' })).toBe(shift);
    expect(openShiftOf(drawers, { staff: 'u2', terminalId: 'T1' })).toBeUndefined();
    expect(openShiftOf(drawers, { staff: 'u1', terminalId: 'T2' })).toBeUndefined();
    expect(openShiftOf({}, { staff: 'u1', terminalId: 'T1' })).toBeUndefined();
  });

  it('should have in its drawer what was there and came, less what went; below zero, too', () => {
    expect(drawerFen(shift)).toBe(5100);
    expect(drawerFen({ ...shift, backFen: 6000 })).toBe(-700);
  });

  it('has by an entry of its own more taken, or more handed out', () => {
    const other = { ...shift, id: 's2' };
    const drawers = { shifts: [shift, other], left: [{ terminalId: 'T9', fen: 1 }] };
    expect(drawersAfter(drawers, { kind: 'taken', fen: 70, shift: 's1' })).toEqual({
      shifts: [{ ...shift, takenFen: 5070, times: 2 }, other],
    });
    expect(drawersAfter(drawers, { kind: 'handed-out', fen: 9000, shift: 's2' })).toEqual({
      shifts: [shift, { ...other, backFen: 9200, backTimes: 2 }],
    });
  });

  it('has no fen of a bill in its drawer: neither taken nor handed out', () => {
    const drawers = { shifts: [shift] };
    const after = drawersAfter(drawers, { kind: 'taken', fen: 2_345, shift: 's1' });
    expect(after).toMatchObject({ shifts: [{ takenFen: 7_340 }] });
    const back = drawersAfter(after as Drawers, { kind: 'handed-out', fen: 2_345, shift: 's1' });
    expect(back).toMatchObject({ shifts: [{ takenFen: 7_340, backFen: 2_540 }] });
  });

  it('is not changed by what is none’s, and nothing lands in one that is not open', () => {
    const drawers = { shifts: [shift] };
    expect(drawersAfter(drawers, { kind: 'taken', fen: 70 })).toEqual({});
    expect(drawersAfter(drawers, { kind: 'top-up', fen: 70, shift: 's1' })).toEqual({});
    for (const kind of ['taken', 'handed-out', 'shift-closed']) {
      expect(drawersAfter(drawers, { kind, fen: 70, shift: 's2' })).toBe('shift.none');
      expect(drawersAfter({}, { kind, fen: 70, shift: 's1' })).toBe('shift.none');
    }
  });

  it('is counted: what was there less what should have been', () => {
    const counted = countedShift(shift, COUNT, { committee: '天山一社区', at: NOON });
    expect(counted).toEqual({
      ...{ ...shift, ...COUNT, committee: '天山一社区', closedAt: NOON, countedFen: 5200 },
      differenceFen: 100,
    });
    const nothing = countedShift(shift, { counted: [], leftFen: 0 }, { committee: 'c', at: NOON });
    expect([nothing.countedFen, nothing.differenceFen]).toEqual([0, -5100]);
  });

  it('leaves in its drawer what it says, beside what others left there', () => {
    const counted = countedShift(shift, COUNT, { committee: 'c', at: NOON });
    const entry = { kind: 'shift-closed', fen: 0, shift: 's1', counted };
    const other = { ...shift, id: 's2' };
    const elsewhere = { terminalId: 'T2', fen: 9 };
    expect(drawersAfter({ shifts: [shift, other], left: [elsewhere] }, entry)).toEqual({
      ...{ shifts: [other], left: [elsewhere, { terminalId: 'T1', fen: 400 }] },
    });
    const there = [{ terminalId: 'T1', fen: 30 }, elsewhere];
    expect(drawersAfter({ shifts: [shift], left: there }, entry)).toEqual({
      ...{ shifts: [], left: [elsewhere, { terminalId: 'T1', fen: 430 }] },
    });
    const bare = { ...entry, counted: { ...counted, leftFen: 0 } };
    expect(drawersAfter({ shifts: [shift], left: [elsewhere] }, bare)).toEqual({
      shifts: [],
      left: [elsewhere],
    });
  });

  it('is closed under a number of its own', () => {
    expect(closedShiftId('s1')).toBe('shift-s1');
  });
});

type Step =
  | { readonly do: 'open'; readonly staff: string; readonly terminalId: string }
  | { readonly do: 'taken' | 'handed-out'; readonly of: number; readonly fen: number }
  | { readonly do: 'close'; readonly of: number; readonly pieces: number; readonly left: number };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      ...{ do: fc.constant('open' as const), staff: fc.constantFrom('u1', 'u2') },
      terminalId: fc.constantFrom('T1', 'T2'),
    }),
    fc.record({
      ...{ do: fc.constantFrom('taken' as const, 'handed-out' as const), of: fc.nat(9), fen: fc.nat(9000) },
    }),
    fc.record({
      ...{ do: fc.constant('close' as const), of: fc.nat(9), pieces: fc.nat(90), left: fc.nat(90) },
    }),
  ),
  { maxLength: 40 },
);

describe('drawers', () => {
  it('have what came and went, whatever comes in which order; nothing lands in one that was counted', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let float: CommitteeFloat = sampleFloat({ balanceFen: 900_000, dayLimitFen: 900_000 });
        const ids: string[] = [];
        const landed: FloatEntry[] = [];
        const closed = new Map<string, string>();
        const add = (entry: Pick<FloatEntry, '_id' | 'kind' | 'fen' | 'shift' | 'counted'>): string => {
          const whole: FloatEntry = {
            ...{ debit: 'x', credit: 'y', by: 'z', float: float._id, at: NOON },
            ...entry,
          };
          const next = withEntry(float, whole);
          if (typeof next === 'string') return next;
          float = next;
          landed.push(whole);
          return 'landed';
        };
        for (const step of all) {
          if (step.do === 'open') {
            if (openShiftOf(float, step) !== undefined) continue;
            const id = `s${ids.length}`;
            float = { ...float, ...withShift(float, begun(float, fresh(id, step), NOON)) };
            ids.push(id);
            continue;
          }
          const id = ids[step.of % Math.max(1, ids.length)];
          if (id === undefined) continue;
          const isOpen = shiftOf(float, id) !== undefined;
          if (step.do === 'close') {
            const counted = [{ fen: 100, pieces: step.pieces } as const];
            const count = { counted, leftFen: Math.min(step.left, step.pieces) * 100 };
            const whole = countedShift(shiftOf(float, id) ?? shift, count, { committee: 'c', at: NOON });
            const said = add({
              _id: closedShiftId(id),
              kind: 'shift-closed',
              fen: 0,
              shift: id,
              counted: whole,
            });
            expect(said).toBe(isOpen ? 'landed' : 'shift.none');
            if (isOpen) closed.set(id, JSON.stringify(whole));
          } else {
            const said = add({ _id: `e${landed.length}`, kind: step.do, fen: step.fen, shift: id });
            expect(said).toBe(isOpen ? 'landed' : 'shift.none');
          }
        }
        const sumOf = (kind: string, id: string): number =>
          landed
            .filter((each) => each.kind === kind && each.shift === id)
            .reduce((sum, { fen }) => sum + Math.floor(fen / 10) * 10, 0);
        const ends = landed.flatMap(({ counted }) => counted ?? []);
        for (const each of [...(float.shifts ?? []), ...ends]) {
          const [taken, back] = [sumOf('taken', each.id), sumOf('handed-out', each.id)];
          expect(drawerFen(each)).toBe(each.openingFen + taken - back);
        }
        expect(ends.map((each) => JSON.stringify(each))).toEqual([...closed.values()]);
        // What was left in drawers lies there still, or is the opening of whoever came next: none is lost or counted twice.
        const total = (all: readonly number[]): number => all.reduce((sum, fen) => sum + fen, 0);
        const openings = [...(float.shifts ?? []), ...ends].map(({ openingFen }) => openingFen);
        const lies = (float.left ?? []).map(({ fen }) => fen);
        expect(total(lies) + total(openings)).toBe(total(ends.map(({ leftFen }) => leftFen)));
      }),
    );
  });
});
