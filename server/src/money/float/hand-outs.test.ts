import { beforeEach, describe, expect, it } from 'vitest';
import { caseIdOf } from '../../cases/case.ts';
import type { Order, Refund } from '../../orders/model/order.ts';
import { COUNTER, FLOAT, MemoryCounter, sampleFloat } from '../../testing/memory-counter.ts';
import { HERE } from '../../testing/staff-members.ts';
import { toldLog } from '../../testing/told-log.ts';
import { HandOutWatch } from './hand-out-watch.ts';

const HOUR = 3_600_000;
let c: MemoryCounter;
beforeEach(async () => {
  c = await MemoryCounter.open();
  c.member('li', ['float:use']);
});

function handOut({ no }: Pick<Refund, 'no'>, slip: string, name = 'zhang', terminalId = COUNTER) {
  const staff = c.users.get(`u-${name}`);
  if (staff === undefined) throw new Error(`There is no ${name}.`);
  return c.handOuts({ 'u-zhang': '104817' }).handOut({ refundNo: no, slip }, { terminalId, staff }, HERE);
}
const caseOf = ({ _id }: Order, { no }: Refund) =>
  c.caseStore.cases.get(caseIdOf({ kind: 'cash-owed', orderNo: _id, key: no }));
const kindsOf = ({ events }: Order): string[] => events.map(({ name }) => name);

describe('cash that waits for its household', () => {
  it('is that of each refund whose money the float has back, the oldest order first', async () => {
    const [one, two] = [await c.refused(), await c.refused()];
    await c.take(await c.order());
    const waiting = await c.handOuts().owedAt(COUNTER);
    expect(waiting.map(({ order, refund, float }) => [order._id, refund.no, float])).toEqual([
      [one.order._id, one.refund.no, FLOAT],
      [two.order._id, two.refund.no, FLOAT],
    ]);
    await handOut(one.refund, '000117');
    expect((await c.handOuts().owedOf(FLOAT)).map(({ order }) => order._id)).toEqual([two.order._id]);
    expect(await c.handOuts().owedOf('another')).toEqual([]);
  });

  it('is that of a committee’s own counter only', async () => {
    await expect(c.handOuts().owedAt('T2')).rejects.toMatchObject({
      code: 'float.none',
      message: 'No committee accepts cash at this terminal.',
    });
  });
});

describe('cash that is handed out', () => {
  it('is written down by whom, where and on which slip, and the order has it', async () => {
    const { order, refund } = await c.refused();
    c.office.recorded.length = 0;
    const at = new Date(c.world.clock.now());
    const told = await handOut(refund, '000117');
    expect(told).toEqual({
      ...{ refundNo: refund.no, orderNo: order._id, fen: 5000, slip: '000117', staff: '104817' },
      ...{ terminalId: COUNTER, at: at.toISOString() },
    });
    const now = await c.world.now(order);
    const fact = { by: 'u-zhang', staff: '104817', slip: '000117', terminalId: COUNTER, at };
    expect(now.refunds).toMatchObject([{ handOut: { status: 'handed-out', ...fact } }]);
    expect(c.float().recent.at(-1)).toMatchObject({
      kind: 'handed-out',
      orderNo: order._id,
      fen: 5000,
      ...fact,
    });
    expect(c.office.recorded).toMatchObject([
      {
        ...{ action: 'float.hand-out', target: refund.no, who: { kind: 'admin', id: 'u-zhang' } },
        data: { float: FLOAT, fen: 5000, slip: '000117', terminalId: COUNTER },
      },
    ]);
  });

  it('is signed with a name where there is no number', async () => {
    const { refund } = await c.refused();
    expect((await handOut(refund, '000117', 'li')).staff).toBe('li');
  });

  it('is the same with the same slip, and refused with another, told who did it and when', async () => {
    const { order, refund } = await c.refused();
    const first = await handOut(refund, '000117');
    c.office.recorded.length = 0;
    expect(await handOut(refund, '000117', 'li')).toEqual(first);
    await expect(handOut(refund, '000118', 'li')).rejects.toMatchObject({
      ...{ code: 'refund.handed-out', orderNo: order._id, present: first },
      message: `This cash was handed out by 104817 at ${first.at}, slip 000117. Hand nothing out.`,
    });
    expect([
      c.office.recorded,
      kindsOf(await c.world.now(order)).filter((name) => name === 'refund.handed-out'),
    ]).toEqual([[], ['refund.handed-out']]);
  });

  it('is what the float says where the order does not know of it yet', async () => {
    const { order, refund } = await c.refused();
    const given = { refundNo: refund.no, orderNo: order._id, fen: 5000, slip: '000117', terminalId: COUNTER };
    await c.desk.handOut(FLOAT, { ...given, by: 'u-li', staff: 'li' });
    await expect(handOut(refund, '000118')).rejects.toMatchObject({
      code: 'refund.handed-out',
      present: { staff: 'li', slip: '000117' },
    });
    expect((await c.world.now(order)).refunds).toMatchObject([
      { handOut: { status: 'handed-out', staff: 'li' } },
    ]);
  });

  it('has a slip of its own', async () => {
    const [one, two] = [await c.refused(), await c.refused()];
    await handOut(one.refund, '000117');
    await expect(handOut(two.refund, '000117')).rejects.toMatchObject({
      ...{ code: 'refund.slip-used', orderNo: two.order._id },
      message: 'This slip belongs to another refund. Take the next slip.',
    });
  });

  it('is only what this committee took, and what its float has back', async () => {
    const { order, refund } = await c.refused();
    const unknown = {
      code: 'refund.not-found',
      message: 'There is no such refund of cash that this committee took.',
    };
    for (const no of ['nonsense', '260301100000000009p1r3', `${order._id}p1r9`]) {
      await expect(handOut({ no }, '000117')).rejects.toMatchObject(unknown);
    }
    await expect(handOut(refund, '000117', 'zhang', 'T2')).rejects.toMatchObject({ code: 'float.none' });
    await c.floats.insert(sampleFloat({ _id: 'other', terminals: ['T3'] }));
    await expect(handOut(refund, '000117', 'zhang', 'T3')).rejects.toMatchObject(unknown);
    const { handOut: _, ...old } = refund;
    await c.world.services.mover.move(order, () => ({
      ...{ set: { refunds: [old] }, events: [{ name: 'order.clock-set', by: 'test' }] },
    }));
    await expect(handOut(refund, '000117')).rejects.toMatchObject({
      ...{ code: 'refund.no-cash-owed', orderNo: order._id },
      message:
        'The float does not have this money back yet, or the payer got it in another way. Hand nothing out.',
    });
    expect(c.float().recent.filter(({ kind }) => kind === 'handed-out')).toEqual([]);
  });
});

describe('the watch over cash that waits', () => {
  function watch() {
    const { log, lines } = toldLog();
    const { world, cases, follower } = c;
    const of = { mover: world.services.mover, cases, follower, afterMs: HOUR, log };
    return { round: () => new HandOutWatch(of).round(), lines };
  }

  it('makes a case of it once it has waited for longer than it may, and tells the log once', async () => {
    const { order, refund } = await c.refused();
    const { round, lines } = watch();
    const [{ since } = { since: new Date(0) }] = await c.handOuts().owedOf(FLOAT);
    c.world.clock.jump(since.getTime() + HOUR - 1 - c.world.clock.now());
    expect([await round(), caseOf(order, refund), lines]).toEqual([1, undefined, []]);
    c.world.clock.jump(1);
    expect([await round(), lines.length]).toEqual([1, 1]);
    const facts = { float: FLOAT, refundFen: 5000, since: since.toISOString(), reason: refund.reason };
    expect(caseOf(order, refund)).toMatchObject({ status: 'open', orgPath: order.orgPath, facts });
    expect(await round()).toBe(1);
    const msg = 'cash waits at a counter for longer than it may';
    expect(lines).toMatchObject([{ level: 40, orderNo: order._id, ...facts, msg }]);
  });

  it('leaves a case as people have it', async () => {
    const { order, refund } = await c.refused();
    const { round } = watch();
    c.world.clock.jump(2 * HOUR);
    await round();
    await c.cases.resolve(
      caseOf(order, refund)?._id ?? '',
      { id: 'u1', name: 'anna' },
      'They come tomorrow.',
    );
    expect([await round(), caseOf(order, refund)?.status]).toEqual([1, 'resolved']);
  });

  it('ends the case once the cash is handed out, by the one who did and with the slip', async () => {
    const { order, refund } = await c.refused();
    const { round } = watch();
    c.world.clock.jump(2 * HOUR);
    await round();
    await handOut(refund, '000117');
    expect(caseOf(order, refund)).toMatchObject({
      status: 'resolved',
      resolution: { by: { id: 'u-zhang', name: '104817' }, text: 'Handed out, slip 000117.' },
    });
    expect(await round()).toBe(0);
  });

  it('ends what a process left half done: the order has it, and nothing waits', async () => {
    const { order, refund } = await c.refused();
    const given = { refundNo: refund.no, orderNo: order._id, fen: 5000, slip: '000117', terminalId: COUNTER };
    await c.desk.handOut(FLOAT, { ...given, by: 'u-li', staff: 'li' });
    c.world.clock.jump(2 * HOUR);
    expect(await watch().round()).toBe(0);
    expect(caseOf(order, refund)).toBeUndefined();
    expect((await c.world.now(order)).refunds).toMatchObject([
      { handOut: { status: 'handed-out', slip: '000117' } },
    ]);
  });

  it('ends a case that was opened while the cash was being handed out, and no other', async () => {
    const [one, two] = [await c.refused(), await c.refused()];
    await handOut(one.refund, '000117');
    for (const { order, refund } of [one, two]) {
      await c.cases.openOnce({ kind: 'cash-owed', orderNo: order._id, key: refund.no, facts: {} });
    }
    await c.cases.openOnce({ kind: 'cash-owed', orderNo: 'of no order', key: 'r', facts: {} });
    expect(await watch().round()).toBe(1);
    expect(caseOf(one.order, one.refund)).toMatchObject({
      status: 'resolved',
      resolution: { text: 'Handed out, slip 000117.' },
    });
    expect(caseOf(two.order, two.refund)?.status).toBe('open');
  });

  it('looks through all open cases of cash, however many there are', async () => {
    const { order, refund } = await c.refused();
    await handOut(refund, '000117');
    await c.cases.openOnce({ kind: 'cash-owed', orderNo: order._id, key: refund.no, facts: {} });
    for (let n = 0; n < 250; n += 1) {
      c.world.clock.jump(1);
      await c.cases.openOnce({ kind: 'cash-owed', orderNo: `o${n}`, key: 'r', facts: {} });
      await c.cases.openOnce({ kind: 'stuck', orderNo: `o${n}`, facts: {} });
    }
    const queries: object[] = [];
    const list = c.caseStore.list.bind(c.caseStore);
    c.caseStore.list = (query, scope) => {
      queries.push(query);
      return list(query, scope);
    };
    await watch().round();
    expect(caseOf(order, refund)?.status).toBe('resolved');
    expect(queries).toMatchObject(
      Array.from({ length: 3 }, () => ({ kind: 'cash-owed', status: 'open', limit: 100 })),
    );
  });
});
