import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refundEnded } from '../model/moves/refund.ts';
import { longestWaitMs } from '../model/policy.ts';
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
  it.each([
    ['refund', 4999],
    ['refund', 5001],
    ['queryRefund', 4999],
    ['queryRefund', 5001],
  ] as const)(
    'of which the channel says another sum is a person’s to look at (%s, %i fen)',
    async (by, fen) => {
      world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
      if (by === 'queryRefund') world.wechat.refundsAtOnce = false;
      const answer = world.wechat[by].bind(world.wechat) as (request: never) => Promise<object>;
      Object.assign(world.wechat, {
        [by]: async (request: never) => ({ ...(await answer(request)), status: 'done', refundFen: fen }),
      });
      const order = await world.paid(a, card);
      await world.pass(600_000, 5_000);
      expect(await world.now(order)).toMatchObject({
        state: 'attention',
        refunds: [{ status: 'abnormal', fen: 5000 }],
      });
    },
  );

  it.each([
    ['works on it', 'none', 'sent'],
    ['says nothing', 'lost-answer', 'unknown'],
  ] as const)(
    'that failed meanwhile, by another sending, is not over where its channel %s',
    async (...[, fault, status]) => {
      world.wechat.refundsAtOnce = false;
      world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
      world.wechat.fault = faultsOf({ 'wechat.refund': [fault] });
      const give = world.wechat.refund.bind(world.wechat);
      const order = await world.paid(a, card);
      world.wechat.refund = async (request) => {
        await world.services.mover.move(await world.now(order), (now) =>
          refundEnded(now, request.refundNo, 'abnormal'),
        );
        return give(request);
      };
      while ((await world.now(order)).refunds[0]?.sentAt === undefined) await world.pass(1_000);
      expect(await world.now(order)).toMatchObject({ refunds: [{ status }] });
      world.wechat.settleRefunds();
      await world.pass(600_000, 5_000);
      expect(await world.now(order)).toMatchObject({ state: 'refunded', refunds: [{ status: 'done' }] });
    },
  );

  it('of which the channel never heard is written down as sent before it is sent again, and by one only', async () => {
    world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
    world.wechat.fault = faultsOf({ 'wechat.refund': ['lost-request'] });
    const order = await world.paid(a, card);
    while ((await world.now(order)).refunds[0]?.status !== 'unknown') await world.pass(1_000);
    const unknown = await world.now(order);
    const [refund] = unknown.refunds;
    if (refund === undefined) throw new Error('It has no refund.');
    world.clock.jump(1_000);
    const sent: (Date | undefined)[] = [];
    const give = world.wechat.refund.bind(world.wechat);
    world.wechat.refund = async (request) => {
      sent.push((await world.now(order)).refunds[0]?.sentAgainAt);
      return give(request);
    };
    const { refunds } = world.services;
    await Promise.all([refunds.resolve(unknown, refund), refunds.resolve(unknown, refund)]);
    expect(sent).toEqual([new Date(world.clock.now())]);
    expect(await world.now(order)).toMatchObject({ refunds: [{ status: 'done' }] });
  });

  it.each([
    ['until the last moment for it, is sent then', 0, 'as it was written down'],
    ['for longer, is sent once that is written down anew', 1, 'once more'],
  ] as const)('whose process stood still before it sent it, %s', async (...[, overMs, sent]) => {
    world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
    const { store, policy } = world.services.mover;
    const replace = store.replace.bind(store);
    const standing: typeof replace = async (before, after) => {
      const outcome = await replace(before, after);
      if (after.events.at(-1)?.name === 'refund.sent') {
        Object.assign(store, { replace });
        world.clock.jump(policy.refundUnderWayMs / 6 + overMs);
      }
      return outcome;
    };
    Object.assign(store, { replace: standing });
    const give = world.wechat.refund.bind(world.wechat);
    const given: string[] = [];
    world.wechat.refund = async (request) => {
      const { refunds } = await world.now(order);
      given.push(refunds[0]?.sentAgainAt === undefined ? 'as it was written down' : 'once more');
      return give(request);
    };
    const order = await world.paid(a, card);
    await world.pass(600_000, 5_000);
    expect(given).toEqual([sent]);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', refunds: [{ status: 'done' }] });
  });

  it.each(['nobody looks at', 'a right clock looks at'] as const)(
    'that a clock ahead sent again without an answer, and that %s, is sent once more',
    async (seen) => {
      world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
      world.wechat.fault = faultsOf({ 'wechat.refund': ['lost-request', 'lost-request'] });
      const order = await world.paid(a, card);
      while ((await world.now(order)).refunds[0]?.status !== 'unknown') await world.pass(1_000);
      world.clock.jump(8 * 3_600_000);
      await world.services.advancer.advance(order._id);
      const ahead = await world.now(order);
      const [refund] = ahead.refunds;
      expect(refund?.sentAgainAt).toEqual(new Date(world.clock.now()));
      world.clock.jump(-8 * 3_600_000);
      if (seen === 'nobody looks at') {
        await world.pass(2 * longestWaitMs(world.services.mover.policy) + 20_000, 10_000);
      } else if (refund !== undefined) {
        await world.services.refunds.resolve(ahead, refund);
      }
      expect(await world.now(order)).toMatchObject({ state: 'refunded', refunds: [{ status: 'done' }] });
    },
  );

  it('that its channel works on and does not know when it is asked is sent again seldom', async () => {
    world.grid.fault = (operation) => (operation === 'sell' ? 'lost-request' : 'none');
    world.wechat.refundsAtOnce = false;
    const { queryRefund } = world.wechat;
    world.wechat.queryRefund = async (no) => {
      const said = await queryRefund.call(world.wechat, no);
      return said.status === 'sent' ? { status: 'not-found' } : said;
    };
    const order = await world.paid(a, card);
    await world.pass(6 * 3_600_000, 5_000);
    const slow = await world.now(order);
    expect(slow.refunds).toMatchObject([{ status: 'sent' }]);
    expect(slow.events.length).toBeLessThan(60);
    world.wechat.settleRefunds();
    await world.pass(2 * 3_600_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded' });
  });
});
