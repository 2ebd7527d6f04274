import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refundRetried } from '../model/moves/compensation.ts';
import type { Order } from '../model/order.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';

let a: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
});
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
});

describe('a refund', () => {
  const told = async (content: object): Promise<void> => {
    const rawBody = Buffer.from(JSON.stringify({ kind: 'refund', ...content }));
    await world.services.notifications.take('wechat', { 'x-signed-by': 'wechat' }, rawBody);
    await world.work();
  };

  /** Its sale never reached the grid, and the channel works on giving the money back. */
  const underWay = async (): Promise<{ order: Order; refundNo: string }> => {
    world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
    world.wechat.refundsAtOnce = false;
    const order = await world.paid(a, card);
    await world.pass(300_000, 5_000);
    return { order, refundNo: (await world.now(order)).refunds[0]?.no ?? '' };
  };

  it('of which a notification says another sum is a person’s to look at', async () => {
    const { order, refundNo } = await underWay();
    await told({ id: 'rn1', refundNo, status: 'done', refundFen: 4900 });
    expect(await world.now(order)).toMatchObject({ state: 'attention', refunds: [{ status: 'abnormal' }] });
  });

  it('that is sent once more is not stopped by what was said of it before', async () => {
    const { order, refundNo } = await underWay();
    await told({ id: 'rn1', refundNo, status: 'abnormal' });
    expect((await world.now(order)).state).toBe('attention');
    await world.services.mover.move(await world.now(order), (now) => refundRetried(now, refundNo, 'staff'));
    await world.services.advancer.advance(order._id);
    expect((await world.now(order)).refunds).toMatchObject([{ status: 'sent' }]);
    world.wechat.settleRefunds();
    await world.pass(600_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', dueAt: null });
  });

  it('that fails again once it was sent once more is a person’s again', async () => {
    const { order, refundNo } = await underWay();
    await told({ id: 'rn1', refundNo, status: 'abnormal' });
    await world.services.mover.move(await world.now(order), (now) => refundRetried(now, refundNo, 'staff'));
    await world.services.advancer.advance(order._id);
    world.clock.jump(1000);
    await told({ id: 'rn2', refundNo, status: 'abnormal' });
    expect((await world.now(order)).state).toBe('attention');
  });

  it.each([
    ['less than it was asked for', 'less', 'attention', 'abnormal'],
    ['all of it', 'none', 'refunded', 'done'],
  ] as const)(
    'of which a notification says that it is done is what the channel says of its sum: %s',
    async (...[, bend, state, status]) => {
      world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
      world.wechat.fault = faultsOf({ 'wechat.refund': ['lost-answer'] });
      world.wechat.bend = () => bend;
      const order = await world.paid(a, card);
      while ((await world.now(order)).refunds[0]?.status !== 'unknown') await world.pass(1_000);
      const no = (await world.now(order)).refunds[0]?.no ?? '';
      const { headers, rawBody } = world.wechat.refundNotificationOf(no);
      for (let copies = 2; copies > 0; copies -= 1) {
        await world.services.notifications.take('wechat', headers, rawBody);
        await world.work();
      }
      expect(await world.now(order)).toMatchObject({ state, refunds: [{ status, fen: 5000 }] });
    },
  );
});
