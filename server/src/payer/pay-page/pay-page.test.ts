import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { PayPage } from './pay-page.ts';

const MINUTE = 60_000;
const IP = '203.0.113.7';

let world: OrderWorld;
let terminal: FakeTerminal;
let card: FakeCard;
let page: PayPage;
let order: Order;
let token: string;

beforeEach(async () => {
  world = await OrderWorld.open();
  terminal = await fakeTerminal('T1');
  card = world.household();
  const { services } = world;
  page = new PayPage({
    ...services,
    payments: services.phonePayments,
    policy: services.mover.policy,
    clock: world.clock,
  });
  order = await world.order(terminal, card);
  token = services.links.tokenOf(order._id);
});
afterEach(() => world.services.close());

const paymentsOf = async (): Promise<Order['payments']> => (await world.now(order)).payments;

describe('the page behind the code for every wallet', () => {
  it('shows the amount, the household masked, and every wallet that is open', async () => {
    const seen = await page.view(token);
    expect(seen).toMatchObject({ faceFen: 5000, paidFen: 5000, state: 'created', kind: 'card' });
    expect(seen.ways.map(({ channel, down }) => [channel, down])).toEqual([
      ['wechat', null],
      ['alipay', null],
    ]);
    const told = JSON.stringify(seen);
    for (const secret of [order._id, order.customerNo, order.meterNo, order.serial]) {
      expect(told).not.toContain(secret);
    }
  });

  it('pays once from within a wallet, and sells', async () => {
    await page.pay(token, { channel: 'alipay', product: 'in-wallet', authCode: 'who-1' }, IP);
    const [payment] = await paymentsOf();
    expect(payment).toMatchObject({ channel: 'alipay', product: 'in-wallet', handed: true, codeUrl: null });
    world.alipay.payRegardless(payment?.no ?? '');
    await world.notify(payment?.no ?? '', 'alipay');
    await world.work();
    expect((await world.now(order)).state).toBe('sold');
    expect((await page.view(token)).ways).toEqual([]);
    await expect(page.pay(token, { channel: 'wechat', product: 'browser' }, IP)).rejects.toMatchObject({
      code: 'order.already-paid',
    });
  });

  it('gives a payer who comes back the same payment', async () => {
    const ask = () => page.pay(token, { channel: 'wechat', product: 'in-wallet', authCode: 'who-1' }, IP);
    await ask();
    await ask();
    expect(await paymentsOf()).toHaveLength(1);
  });

  it('gives each payer a payment of their own; the second to pay is given back', async () => {
    await page.pay(token, { channel: 'wechat', product: 'browser' }, IP);
    await page.pay(token, { channel: 'alipay', product: 'browser' }, IP);
    const [first, second] = await paymentsOf();
    world.wechat.payRegardless(first?.no ?? '');
    world.alipay.payRegardless(second?.no ?? '');
    await world.notify(first?.no ?? '', 'wechat');
    await world.notify(second?.no ?? '', 'alipay');
    await world.work();
    const after = await world.now(order);
    expect(after.payments.filter(({ funds }) => funds === true)).toHaveLength(1);
    expect(after.refunds.map(({ reason, fen }) => [reason, fen])).toEqual([['double-payment', 5000]]);
    expect(world.alipay.refunds.size).toBe(1);
  });

  it('is found paid although no notification came', async () => {
    await page.pay(token, { channel: 'wechat', product: 'browser' }, IP);
    const [payment] = await paymentsOf();
    world.wechat.payRegardless(payment?.no ?? '');
    await world.pass(6 * MINUTE, 10_000);
    expect((await world.now(order)).sale.status).toBe('sold');
  });

  it.each(['nobody', 'somebody'])('takes no money after its time, where %s had begun to pay', async (who) => {
    if (who === 'somebody') await page.pay(token, { channel: 'wechat', product: 'browser' }, IP);
    const begun = (await paymentsOf()).length;
    const { until, ways } = await page.view(token);
    expect(ways).toHaveLength(2);
    // It has not been closed yet.
    world.clock.jump(Date.parse(until) - world.clock.now());
    expect(await page.view(token)).toMatchObject({ state: begun === 0 ? 'created' : 'paying', ways: [] });
    for (const product of ['browser', 'in-wallet'] as const) {
      const asked = page.pay(token, { channel: 'alipay', product, authCode: 'who-1' }, IP);
      await expect(asked).rejects.toMatchObject({ code: 'order.closed' });
    }
    expect(await paymentsOf()).toHaveLength(begun);
  });

  it('ends with its order, and its payments with it', async () => {
    await page.pay(token, { channel: 'wechat', product: 'browser' }, IP);
    await world.pass(6 * MINUTE, 10_000);
    expect((await world.now(order)).state).toBe('closed');
    expect((await page.view(token)).ways).toEqual([]);
    await expect(page.pay(token, { channel: 'wechat', product: 'browser' }, IP)).rejects.toMatchObject({
      code: 'order.closed',
    });
  });

  it('says how it ended for a day, and then nothing', async () => {
    await world.pass(6 * MINUTE, 10_000);
    expect((await page.view(token)).state).toBe('closed');
    await world.pass(25 * 60 * MINUTE, 30 * MINUTE);
    await expect(page.view(token)).rejects.toMatchObject({ code: 'pay-link.unknown' });
  });

  it.each(['A'.repeat(22), 'nonsense', '261126120000000001'])('does not open for %j', async (made) => {
    await expect(page.view(made)).rejects.toMatchObject({ code: 'pay-link.unknown' });
  });

  it('hides a wallet that does not answer, with the reason, and asks nothing of it', async () => {
    world.alipay.fault = () => 'unavailable';
    for (let n = 0; n < 3; n += 1) {
      await page.pay(token, { channel: 'alipay', product: 'browser' }, IP).catch(() => undefined);
    }
    expect((await page.view(token)).ways).toMatchObject([
      { channel: 'wechat', down: null },
      { channel: 'alipay', down: 'unreachable' },
    ]);
    await expect(page.pay(token, { channel: 'alipay', product: 'browser' }, IP)).rejects.toMatchObject({
      code: 'payment.channel-unavailable',
    });
    world.alipay.fault = () => 'none';
    await world.services.watch.probe();
    expect((await page.view(token)).ways).toMatchObject([{ down: null }, { down: null }]);
  });

  it('says that a wallet is not paid in a way, or does not ask who pays, as something that stays so', async () => {
    const way = { channel: 'bestpay', product: 'browser' } as const;
    await expect(page.pay(token, way, IP)).rejects.toMatchObject({ code: 'request.malformed' });
    await expect(page.consent(token, 'bestpay')).rejects.toMatchObject({ code: 'request.not-found' });
  });

  it('whose answer was lost is handed out again under the same number', async () => {
    let lose = true;
    world.wechat.fault = (call) => (call === 'wechat.create' && lose ? 'lost-answer' : 'none');
    const ask = () => page.pay(token, { channel: 'wechat', product: 'browser' }, IP);
    await expect(ask()).rejects.toMatchObject({ code: 'payment.channel-unavailable' });
    lose = false;
    await ask();
    expect(await paymentsOf()).toMatchObject([{ handed: true, status: 'pending' }]);
  });
});
