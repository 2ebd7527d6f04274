import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cashHandedOut } from '../../orders/model/moves/refund.ts';
import {
  CASE_AFTER_MS,
  CashCounter,
  COUNTER_FLOAT,
  COUNTER_TERMINAL,
  type Dies,
} from '../../testing/cash-counter.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { caseOf } from '../../testing/handed-out.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { sumOfCash } from '../../orders/model/cash-owed.ts';

let t: TestContext;
let c: CashCounter;
let dies: Dies;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  dies = () => 'no';
  c = await CashCounter.open(t, (what) => dies(what));
});

describe('cash that is not handed out', () => {
  it('of a sale that came to nothing after its household had left is a case, which the fact ends', async () => {
    const { world } = c;
    const made = await c.order();
    world.grid.fault = () => 'unavailable';
    const order = await c.paid(made);
    await world.pass(45 * 60_000, 30_000);
    const { refund, order: ended } = await c.refundOf(order);
    expect([ended.state, refund.reason, refund.handOut]).toEqual([
      'refunded',
      'not-sold',
      { status: 'owed' },
    ]);
    expect(await c.watch.round()).toBe(1);
    expect(await caseOf(c, order, refund)).toBeNull();
    world.clock.jump(CASE_AFTER_MS);
    expect(await c.watch.round()).toBe(1);
    expect(await c.watch.round()).toBe(1);
    expect(await caseOf(c, order, refund)).toMatchObject({
      ...{ kind: 'cash-owed', status: 'open', key: refund.no, orgPath: order.orgPath, reopened: 0 },
      facts: { float: COUNTER_FLOAT, refundFen: 5_000, reason: 'not-sold' },
    });
    await c.handOut(refund, '000117', 'li');
    expect(await caseOf(c, order, refund)).toMatchObject({
      ...{ status: 'resolved', resolution: { by: { id: 'li' }, text: 'Handed out, slip 000117.' } },
    });
    expect(await c.watch.round()).toBe(0);
  });

  it('is found behind hundreds that wait longer', async () => {
    for (let n = 0; n < 250; n += 1) {
      const _id = `2501010000000${String(n).padStart(5, '0')}`;
      const payments = [
        samplePayment({ no: `${_id}p1`, channel: 'cash', float: COUNTER_FLOAT, status: 'succeeded' }),
      ];
      const refund = {
        no: `${_id}p1r3`,
        paymentNo: `${_id}p1`,
        fen: 100,
        status: 'done',
        reason: 'not-sold',
      } as const;
      const refunds = [{ ...refund, at: SAMPLE_TIME, handOut: { status: 'owed' } as const }];
      const own = { _id, idempotencyKey: _id, meterNo: _id };
      await c.world.services.store.insert(
        sampleOrder({ ...own, payments, refunds, state: 'refunded', dueAt: null }),
      );
    }
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    expect(await c.watch.round()).toBe(251);
    expect(await caseOf(c, order, refund)).toMatchObject({ status: 'open' });
    expect(sumOfCash(await c.handOuts.owedAt(COUNTER_TERMINAL))).toEqual({ fen: 30_000, times: 251 });
  });

  it('is left as people have it', async () => {
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    await c.watch.round();
    const { _id = '' } = (await caseOf(c, order, refund)) ?? {};
    await c.cases.resolve(_id, { id: 'anna', name: 'anna' }, 'The household is away until spring.');
    await c.watch.round();
    expect(await caseOf(c, order, refund)).toMatchObject({ status: 'resolved', reopened: 0 });
    expect(await c.handOuts.owedOf(COUNTER_FLOAT)).toHaveLength(1);
  });

  it('whose case was opened at the very moment it was handed out has no open case for long', async () => {
    const { order, refund } = await c.refused();
    c.world.clock.jump(CASE_AFTER_MS);
    const fact = {
      ...{ by: 'li', staff: 'li', slip: '000117', terminalId: COUNTER_TERMINAL },
      at: new Date(0),
    };
    await c.watch.round();
    await c.world.services.mover.move(order, (now) => cashHandedOut(now, refund.no, fact));
    expect(await caseOf(c, order, refund)).toMatchObject({ status: 'open' });
    await c.watch.round();
    expect(await caseOf(c, order, refund)).toMatchObject({
      status: 'resolved',
      resolution: { by: { name: 'li' } },
    });
  });
});
