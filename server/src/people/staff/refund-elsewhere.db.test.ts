import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { Order } from '../../orders/model/order.ts';
import { DecisionDesk } from '../../testing/decision-desk.ts';

let d: DecisionDesk;
beforeAll(async () => {
  d = await DecisionDesk.open();
});
afterAll(() => d.close());
beforeEach(() => d.fresh());

const MINUTE = 60_000;

describe('refund-elsewhere', () => {
  /** Its channel said that it could not give the money back. */
  async function abnormal(): Promise<{ order: Order; refundNo: string }> {
    d.w.world.wechat.bend = () => 'abnormal';
    d.w.world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
    const paid = await d.w.world.paid(d.kiosk, d.card);
    for (let n = 0; n < 100 && (await d.w.now(paid)).state !== 'attention'; n += 1)
      await d.w.world.pass(5_000);
    const order = await d.w.now(paid);
    d.w.world.wechat.bend = () => 'none';
    return { order, refundNo: order.refunds[0]?.no ?? '' };
  }

  it('ends what a channel could not give back', async () => {
    const { order, refundNo } = await abnormal();
    expect(order.refunds).toMatchObject([{ status: 'abnormal' }]);
    expect(await d.w.staff.cases.list({ limit: 5 }, WHOLE_PROVINCE)).toMatchObject([
      { kind: 'refund-abnormal', key: refundNo },
    ]);
    d.w.world.clock.jump(30 * MINUTE);
    expect(await d.w.allow(await d.ask(order, 'refund-elsewhere'))).toMatchObject({ status: 'done' });
    expect(await d.w.now(order)).toMatchObject({
      state: 'refunded',
      refunds: [{ status: 'done', approvedBy: 'boris' }],
    });
  });

  it('waits while what was sent may still be on its way', async () => {
    const { order } = await abnormal();
    const at = order.refunds[0]?.sentAt?.getTime() ?? 0;
    const allowed = (): boolean => d.allowedFor(order).includes('refund-elsewhere');
    expect(allowed()).toBe(false);
    await expect(d.ask(order, 'refund-elsewhere')).rejects.toMatchObject({ code: 'order.action-refused' });
    d.w.world.clock.jump(at + 30 * MINUTE - 1 - d.w.world.clock.now());
    expect(allowed()).toBe(false);
    d.w.world.clock.jump(1);
    expect(allowed()).toBe(true);
  });

  it.each([
    ['has given it back after all', 'done'],
    ['works on it after all', 'sent'],
  ] as const)('is not done where the channel %s', async (_, status) => {
    const { order, refundNo } = await abnormal();
    d.w.world.clock.jump(30 * MINUTE);
    const asked = await d.ask(order, 'refund-elsewhere');
    const known = d.w.world.wechat.refunds.get(refundNo);
    if (known !== undefined) known.status = status;
    expect(await d.w.allow(asked)).toMatchObject({ status: 'failed', failure: 'order.action-refused' });
    const after = await d.w.now(order);
    expect(after).toMatchObject({ refunds: [{ status }] });
    expect(after.events.filter(({ name }) => name === 'refund.elsewhere')).toEqual([]);
  });

  it('is done later where the channel does not say now', async () => {
    const { order } = await abnormal();
    d.w.world.clock.jump(30 * MINUTE);
    const asked = await d.ask(order, 'refund-elsewhere');
    d.w.world.wechat.fault = (operation) => (operation === 'wechat.queryRefund' ? 'unavailable' : 'none');
    expect(await d.w.allow(asked)).toMatchObject({
      status: 'failed',
      failure: 'payment.channel-unavailable',
    });
    expect(await d.w.now(order)).toMatchObject({ refunds: [{ status: 'abnormal' }] });
    d.w.world.wechat.fault = () => 'none';
    expect(await d.w.allow(await d.ask(order, 'refund-elsewhere'))).toMatchObject({ status: 'done' });
    expect(await d.w.now(order)).toMatchObject({ state: 'refunded' });
  });
});
