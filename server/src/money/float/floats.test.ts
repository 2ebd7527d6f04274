import { beforeEach, describe, expect, it } from 'vitest';
import type { FloatEntry } from './float.ts';
import type { Floats } from './floats.ts';
import { COUNTER, FLOAT, MemoryCounter, sampleFloat } from '../../testing/memory-counter.ts';
import { ANNA, HERE, staffMember } from '../../testing/staff-members.ts';

const BY = { maker: ANNA, where: HERE };
const NO_FLOAT = { code: 'request.not-found', message: 'There is no such float.' };
let c: MemoryCounter;
let floats: Floats;
beforeEach(async () => {
  c = await MemoryCounter.open();
  floats = c.kept();
});

const SET = {
  id: FLOAT,
  name: '天山二社区',
  terminals: [COUNTER, 'T2'],
  dayLimitFen: 7000,
  reason: 'Moved.',
};
const topUp = async (fen = 500): Promise<string> => {
  const asked = await floats.requestTopUp(FLOAT, { fen, reference: 'bank-1', reason: 'It came.' }, BY);
  await c.office.allow(asked);
  return `topup-${asked._id}`;
};
const undo = (of: string, id = FLOAT) => floats.requestUndo(id, { topUp: of, reason: 'It was wrong.' }, BY);

describe('a float that is asked for', () => {
  it('is there, with nothing in it, once finance allows it', async () => {
    const asked = await floats.requestSet({ ...SET, id: 'new' }, ANNA, HERE);
    expect(asked).toMatchObject({ kind: 'float.set', status: 'open', maker: { id: 'anna' } });
    expect(asked.content).toEqual({ ...SET, id: 'new' });
    expect(c.floats.floats.has('new')).toBe(false);
    const clerk = staffMember('carl', ['approval:decide', 'float:request']);
    await expect(c.office.allow(asked, { checker: clerk })).rejects.toMatchObject({ code: 'auth.forbidden' });
    const finance = staffMember('dora', ['float:approve']);
    expect(await c.office.allow(asked, { checker: finance })).toMatchObject({ status: 'done' });
    const { reason: _, id, ...rest } = SET;
    expect([id, c.floats.floats.get('new')]).toEqual([
      FLOAT,
      { _id: 'new', ...rest, frozen: false, balanceFen: 0, day: '', dayFen: 0, recent: [], version: 1 },
    ]);
  });

  it('is changed beside what it was, which finance sees; its money stays', async () => {
    const before = { ...sampleFloat(), day: '2026-03-01', dayFen: 5, version: 3 };
    c.floats.floats.set(FLOAT, before);
    const asked = await floats.requestSet({ ...SET, frozen: true }, ANNA, HERE);
    expect(asked.content).toEqual({
      ...{ ...SET, frozen: true },
      before: { name: '天山一社区', terminals: [COUNTER], dayLimitFen: 50_000, frozen: false },
    });
    await c.office.allow(asked);
    const { reason: _, id: __, ...rest } = SET;
    expect(c.float()).toEqual({ ...before, ...rest, frozen: true, version: 4 });
    const again = await floats.requestSet(SET, ANNA, HERE);
    expect(again.content['before']).toMatchObject({ frozen: true });
    await c.office.allow(again);
    expect(c.float().frozen).toBe(false);
  });

  it('is set also where another changes or makes it at the same moment', async () => {
    const replace = c.floats.replace.bind(c.floats);
    let races = 0;
    c.floats.replace = (before, after) => {
      races += 1;
      if (races === 1) c.floats.floats.set(FLOAT, { ...c.float(), balanceFen: 1, version: 2 });
      return replace(before, after);
    };
    await c.office.allow(await floats.requestSet(SET, ANNA, HERE));
    expect([races, c.float()]).toMatchObject([2, { name: '天山二社区', balanceFen: 1, version: 3 }]);
    const insert = c.floats.insert.bind(c.floats);
    c.floats.insert = async (fresh) => {
      await insert(sampleFloat({ _id: 'new', balanceFen: 9 }));
      return insert(fresh);
    };
    await c.office.allow(await floats.requestSet({ ...SET, id: 'new' }, ANNA, HERE));
    expect(c.floats.floats.get('new')).toMatchObject({ name: '天山二社区', balanceFen: 9, version: 2 });
  });

  it('comes to nothing where it is no request of ours any more', async () => {
    for (const [kind, content] of [
      ['float.set', { id: FLOAT, name: 'x', terminals: [], dayLimitFen: 0.5 }],
      ['float.set', { id: FLOAT, name: 'x', terminals: 'T1', dayLimitFen: 5 }],
      ['float.set', {}],
      ['float.top-up', { id: FLOAT, fen: 0, reference: 'b' }],
      ['float.top-up', { id: FLOAT, fen: 5 }],
      ['float.undo-top-up', { id: FLOAT }],
    ] as const) {
      const asked = await c.office.approvals.request({ kind, content, ...BY });
      expect(await c.office.allow(asked)).toMatchObject({ status: 'failed', failure: 'request.malformed' });
    }
    expect(c.float()).toEqual(sampleFloat());
  });
});

describe('a top-up', () => {
  it('is in the float once finance allows it, by the one who did', async () => {
    const request = { fen: 500, reference: 'bank-1', reason: 'It came.' };
    const asked = await floats.requestTopUp(FLOAT, request, BY);
    expect(asked).toMatchObject({ kind: 'float.top-up', content: { id: FLOAT, ...request } });
    expect(c.float().balanceFen).toBe(100_000);
    await c.office.allow(asked);
    const entry = {
      ...{
        _id: `topup-${asked._id}`,
        float: FLOAT,
        kind: 'top-up',
        fen: 500,
        reference: 'bank-1',
        by: 'boris',
      },
      ...{ debit: 'bank', credit: `float:${FLOAT}`, at: new Date(c.world.clock.now()) },
    };
    expect([c.float().balanceFen, await floats.entries(FLOAT)]).toEqual([100_500, [entry]]);
  });

  it('is done once, though the process dies when it is done', async () => {
    const asked = await floats.requestTopUp(FLOAT, { fen: 500, reference: 'b', reason: 'It came.' }, BY);
    const add = c.desk.add.bind(c.desk);
    c.desk.add = async (...call) => {
      await add(...call);
      throw new Error('Killed.');
    };
    await expect(c.office.allow(asked)).rejects.toThrow('Killed.');
    c.desk.add = add;
    expect(await c.office.approvals.resume(() => undefined)).toBe(1);
    expect(c.float().balanceFen).toBe(100_500);
  });

  it('is asked for of a float that there is', async () => {
    const request = { fen: 5, reference: 'b', reason: 'It came.' };
    await expect(floats.requestTopUp('none', request, BY)).rejects.toMatchObject(NO_FLOAT);
  });

  it('that was wrong goes back to the bank as a whole, once finance allows it', async () => {
    const of = await topUp();
    const asked = await undo(of);
    expect(asked).toMatchObject({
      kind: 'float.undo-top-up',
      content: { id: FLOAT, topUp: of, reason: 'It was wrong.' },
    });
    expect(c.float().balanceFen).toBe(100_500);
    await c.office.allow(asked);
    expect(c.float().balanceFen).toBe(100_000);
    expect((await floats.entries(FLOAT))[0]).toEqual({
      ...{ _id: `${of}-undone`, undoes: of, float: FLOAT, kind: 'top-up-undone', fen: 500, by: 'boris' },
      ...{ debit: `float:${FLOAT}`, credit: 'bank', at: new Date(c.world.clock.now()) },
    });
    await expect(undo(of)).rejects.toMatchObject({
      code: 'request.not-found',
      message: 'This top-up has already been undone.',
    });
  });

  it('that is undone by two at once goes back once', async () => {
    const of = await topUp();
    const [first, second] = [await undo(of), await undo(of)];
    for (const asked of [first, second]) {
      expect(await c.office.allow(asked)).toMatchObject({ status: 'done' });
    }
    expect(c.float().balanceFen).toBe(100_000);
  });

  it('of which a part is spent cannot go back', async () => {
    c.floats.floats.set(FLOAT, sampleFloat({ balanceFen: 0 }));
    const asked = await undo(await topUp());
    c.floats.floats.set(FLOAT, { ...c.float(), balanceFen: 499, version: 9 });
    expect(await c.office.allow(asked)).toMatchObject({ status: 'failed', failure: 'float.empty' });
    expect(c.float().balanceFen).toBe(499);
  });

  it('is undone only where this float has it', async () => {
    const none = { code: 'request.not-found', message: 'This float has no such top-up.' };
    await expect(undo('topup-0')).rejects.toMatchObject(none);
    await expect(undo('topup-0', 'none')).rejects.toMatchObject(NO_FLOAT);
    const of = await topUp();
    await c.desk.book(FLOAT);
    await c.floats.insert(sampleFloat({ _id: 'other', terminals: [] }));
    await expect(undo(of, 'other')).rejects.toMatchObject(none);
    const sold = await c.take(await c.order());
    await expect(undo(sold.payments[0]?.no ?? '')).rejects.toMatchObject(none);
    expect((await undo(of)).status).toBe('open');
  });
});

describe('the entries of a float', () => {
  const entry = (n: number): FloatEntry => ({
    ...{ _id: `e${n}`, float: FLOAT, kind: 'top-up', fen: n, debit: 'bank', credit: `float:${FLOAT}` },
    ...{ by: 'u1', at: new Date(n) },
  });

  it('are the newest two hundred, first those that are not in the book, each once', async () => {
    const booked = Array.from({ length: 200 }, (_, n) => entry(200 - n));
    const limits: unknown[] = [];
    Object.assign(c.floats, {
      entries: (id: string, limit: number) => {
        limits.push([id, limit]);
        return Promise.resolve(booked);
      },
    });
    // The newest of the book is still in the float.
    c.floats.floats.set(FLOAT, sampleFloat({ recent: [entry(200), entry(201), entry(202)] }));
    const found = await floats.entries(FLOAT);
    expect(found.map(({ fen }) => fen)).toEqual(Array.from({ length: 200 }, (_, n) => 202 - n));
    expect(limits).toEqual([[FLOAT, 200]]);
    await expect(floats.entries('none')).rejects.toMatchObject(NO_FLOAT);
  });

  it('are listed beside the floats themselves', async () => {
    await c.floats.insert(sampleFloat({ _id: 'a-first', terminals: [] }));
    expect((await floats.list()).map(({ _id }) => _id)).toEqual(['a-first', FLOAT]);
  });
});
