import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../testing/order-world.ts';

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
});
