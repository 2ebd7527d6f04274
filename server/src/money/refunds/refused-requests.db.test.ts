import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { needsAttention } from '../../orders/model/moves/sale.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, type FakeTerminal } from '../../testing/order-world.ts';
import { RefundWorld } from '../../testing/refund-world.ts';
import { codeOf } from '../../testing/problem-code.ts';

let t: TestContext;
let kiosk: FakeTerminal;

beforeAll(async () => {
  t = await openTestContext();
  kiosk = await fakeTerminal('kiosk-a');
});
afterAll(() => t.close());
let w: RefundWorld;
beforeEach(async () => {
  w = await RefundWorld.open(t, kiosk, 'memory');
});

describe('what may not be given back on a word', () => {
  it.each([
    ['before it is paid', 'refund.nothing-paid', () => w.world.offer(kiosk, w.world.household())],
    [
      'sold: the sale is undone first',
      'refund.reverse-first',
      () => w.world.paid(kiosk, w.world.household()),
    ],
    [
      'a plan was released: it may be on the card',
      'refund.plan-released',
      async () => {
        const card = w.world.household();
        const order = await w.world.paid(kiosk, card);
        await w.world.services.writes.release(order, kiosk, { image: card.read() });
        return order;
      },
    ],
    ['written, and its meter has not said that it has it', 'refund.value-on-card', () => w.written()],
    [
      'on its way to the meter from afar',
      'refund.plan-released',
      async () => {
        const card = w.world.household();
        w.world.grid.credits.link(card.meterNo, 'offline');
        return w.world.remotePaid('payer:p1', card);
      },
    ],
    [
      'the grid has not said whether it sold',
      'refund.not-final',
      async () => {
        w.world.grid.fault = faultsOf({ sell: ['lost-answer'] });
        return w.world.paid(kiosk, w.world.household());
      },
    ],
    [
      'a person must decide first',
      'refund.not-final',
      async () => {
        const order = await w.done();
        return (await w.world.services.mover.move(order, (now) => needsAttention(now, 'grid-disagrees')))
          .order;
      },
    ],
  ])('%s', async (_, code, make) => {
    expect(await codeOf(w.ask(await make(), 100))).toBe(code);
  });

  it('an order or refund that is not there', async () => {
    const nobody = { ...(await w.done()), _id: '000000000000000000' };
    expect(await codeOf(w.ask(nobody, 100))).toBe('order.not-found');
    expect(await codeOf(w.allow('260301100000000001p1s1'))).toBe('refund.not-found');
    expect(await codeOf(w.allow('nonsense'))).toBe('refund.not-found');
  });

  it('what the rules owe already, and needs no person', async () => {
    const order = await w.world.offer(kiosk, w.world.household());
    await w.world.services.orders.cancel(order);
    const no = order.payments[0]?.no ?? '';
    w.world.wechat.payRegardless(no);
    await w.world.notify(no);
    await w.world.work();
    expect(await w.world.now(order)).toMatchObject({
      state: 'refunded',
      refunds: [{ reason: 'late-payment' }],
    });
  });
});
