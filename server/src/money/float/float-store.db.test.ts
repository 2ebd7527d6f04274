import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleFloat } from '../../testing/memory-counter.ts';
import type { FloatEntry } from './float.ts';
import { FloatStore } from './float-store.ts';
import type { CountedShift, Shift } from './shift.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

async function opened() {
  const db = t.another();
  const store = new FloatStore(db);
  await store.prepare();
  return { db, store };
}
const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 2, 0, second));
const entry = (n: number, over: Partial<FloatEntry> = {}): FloatEntry => ({
  ...{ _id: `e${n}`, float: 'east', kind: 'top-up', fen: n, debit: 'bank', credit: 'float:east', by: 'u1' },
  ...{ at: at(n), ...over },
});
const WHOLE: Partial<FloatEntry> = {
  ...{ orderNo: 'o', reference: 'b', undoes: 'x', slip: '000117', terminalId: 'T1', staff: '104817' },
  ...{ shift: 's1' },
};
const SHIFT: Shift = {
  ...{ id: 's1', staff: 'u1', number: '104817', terminalId: 'T1', orgPath: ['province', '650100'] },
  ...{ openedAt: at(5), openingFen: 1, takenFen: 2, times: 3, backFen: 4, backTimes: 5 },
};
const COUNTED: CountedShift = {
  ...{ ...SHIFT, committee: '天山一社区', closedAt: at(9), counted: [{ fen: 100, pieces: 2 }] },
  ...{ countedFen: 200, differenceFen: -7, leftFen: 6 },
};
const ids = (found: readonly { readonly _id: string }[]): string[] => found.map(({ _id }) => _id);

describe('a float', () => {
  it('is read as it was kept, and is kept once', async () => {
    const { store, db } = await opened();
    const float = sampleFloat({ _id: 'east', frozen: true, recent: [entry(1, WHOLE)] });
    expect(await store.get('east')).toBeNull();
    expect(await store.insert(float)).toBe('inserted');
    expect(await store.insert({ ...float, balanceFen: 1 })).toBe('exists');
    expect(await store.get('east')).toEqual(float);
    expect(await db.collection('floats').countDocuments({})).toBe(1);
  });

  it('knows its shifts and drawers, and keeps a counted shift whole, in itself and in the book', async () => {
    const { store } = await opened();
    const closed = entry(1, { kind: 'shift-closed', shift: 's1', counted: COUNTED });
    const left = [{ terminalId: 'T1', fen: 6 }];
    const float = sampleFloat({ _id: 'east', shifts: [SHIFT], left, recent: [closed] });
    await store.insert(sampleFloat({ _id: 'west', terminals: [] }));
    await store.insert(float);
    expect(await store.get('east')).toEqual(float);
    await store.book([closed]);
    expect(await store.booked('e1')).toEqual(closed);
    const bare = { ...float, shifts: [], left: [], version: 2 };
    expect(await store.replace(float, bare)).toBe('replaced');
    expect(await store.get('east')).toEqual(bare);
    const odd = { ...SHIFT, phone: '1' };
    await expect(store.insert(sampleFloat({ _id: 'odd', shifts: [odd] }))).rejects.toThrow('phone');
  });

  it('is found by who has a shift where, and its shifts by when they were opened', async () => {
    const { store } = await opened();
    const other = { ...SHIFT, id: 's2', staff: 'u2', terminalId: 'T2', openedAt: at(6) };
    await store.insert(sampleFloat({ _id: 'east', terminals: ['T1'], shifts: [SHIFT, other] }));
    await store.insert(sampleFloat({ _id: 'west', terminals: ['T2'] }));
    expect((await store.withShift({ staff: 'u1', terminalId: 'T1' }))?._id).toBe('east');
    expect(await store.withShift({ staff: 'u1', terminalId: 'T2' })).toBeNull();
    expect(await store.shiftsBefore(at(5))).toEqual([]);
    expect(await store.shiftsBefore(at(6))).toEqual([{ float: 'east', shift: SHIFT }]);
    expect(await store.shiftsBefore(at(7))).toHaveLength(2);
  });

  it('that lacks something, or has what none has, is not kept', async () => {
    const { store } = await opened();
    const { name: _, ...nameless } = sampleFloat();
    await expect(store.insert(nameless as ReturnType<typeof sampleFloat>)).rejects.toThrow('name');
    const more = { ...sampleFloat(), phone: '1' };
    await expect(store.insert(more)).rejects.toThrow('phone');
    const odd = { ...entry(1), customerNo: '65' };
    await expect(store.insert(sampleFloat({ recent: [odd] }))).rejects.toThrow('customerNo');
    expect(await store.list()).toEqual([]);
  });

  it('is found by each of its terminals, and all are listed by name', async () => {
    const { store } = await opened();
    await store.insert(sampleFloat({ _id: 'west', terminals: ['T3'] }));
    await store.insert(sampleFloat({ _id: 'east', terminals: ['T1', 'T2'] }));
    expect([(await store.byTerminal('T2'))?._id, (await store.byTerminal('T3'))?._id]).toEqual([
      'east',
      'west',
    ]);
    expect(await store.byTerminal('T4')).toBeNull();
    expect(ids(await store.list())).toEqual(['east', 'west']);
  });

  it('is changed by the one who saw it as it is', async () => {
    const { store } = await opened();
    const float = sampleFloat({ _id: 'east' });
    await store.insert(float);
    await store.insert(sampleFloat({ _id: 'west', terminals: [] }));
    const next = { ...float, balanceFen: 7, recent: [entry(1)], version: 2 };
    expect(await store.replace(float, next)).toBe('replaced');
    expect(await store.replace(float, { ...float, balanceFen: 9, version: 2 })).toBe('conflict');
    expect(await store.replace(sampleFloat({ _id: 'none' }), sampleFloat({ _id: 'none' }))).toBe('conflict');
    expect([await store.get('east'), (await store.get('west'))?.balanceFen]).toEqual([next, 100_000]);
  });
});

describe('the book', () => {
  it('has each entry once, as it came first', async () => {
    const { store, db } = await opened();
    await store.book([entry(1, WHOLE), entry(2)]);
    await store.book([entry(1, { fen: 99 }), entry(3)]);
    await store.book([]);
    expect(await store.booked('e1')).toEqual(entry(1, WHOLE));
    expect(await store.booked('e9')).toBeNull();
    expect(await db.collection('floatentries').countDocuments({})).toBe(3);
  });

  it('does not pass over what it cannot keep', async () => {
    const { store } = await opened();
    const { by: _, ...bare } = entry(1);
    await expect(store.book([bare as FloatEntry])).rejects.toThrow('by');
    const odd = { ...entry(1), customerNo: '65' };
    await expect(store.book([odd])).rejects.toThrow('customerNo');
  });

  it('knows a slip of its float, and no other’s', async () => {
    const { store } = await opened();
    await store.book([entry(1, { slip: '000117' }), entry(2, { float: 'west', slip: '000118' })]);
    expect(await store.hasSlip('east', '000117')).toBe(true);
    expect(await store.hasSlip('east', '000118')).toBe(false);
    expect(await store.hasSlip('west', '000117')).toBe(false);
  });

  it('gives a float’s newest entries first, as many as are asked for', async () => {
    const { store } = await opened();
    await store.book([entry(2), entry(3), entry(1), entry(4, { float: 'west' })]);
    expect(ids(await store.entries('east', 2))).toEqual(['e3', 'e2']);
    expect(ids(await store.entries('east', 9))).toEqual(['e3', 'e2', 'e1']);
    expect(ids(await store.entriesSince('east', at(2))).toSorted()).toEqual(['e2', 'e3']);
    expect(await store.entriesSince('east', at(4))).toEqual([]);
    expect(ids(await store.entriesSince('east', at(1), at(3))).toSorted()).toEqual(['e1', 'e2']);
  });
});

describe('entries of some kinds', () => {
  it('are those still in floats, whenever, and those of the book since a moment', async () => {
    const { store } = await opened();
    const taken = { kind: 'taken' } as const;
    await store.insert(sampleFloat({ _id: 'east', terminals: ['T1'], recent: [entry(1), entry(2, taken)] }));
    await store.insert(sampleFloat({ _id: 'west', terminals: ['T2'], recent: [entry(3, taken)] }));
    await store.book([entry(4), entry(5), entry(6, taken), entry(7, { kind: 'top-up-undone' })]);
    const found = await store.ofKinds(['top-up', 'top-up-undone'], at(5));
    expect(found).toEqual([entry(1), entry(5), entry(7, { kind: 'top-up-undone' })]);
    expect(ids(await store.ofKinds(['closed'], at(0)))).toEqual([]);
    expect(ids(await store.ofKinds(['taken'], at(7))).toSorted()).toEqual(['e2', 'e3']);
  });
});
