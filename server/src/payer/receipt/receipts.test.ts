import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receipt } from '@bianmin/purchase/api/receipt';
import type { Order } from '../../orders/model/order.ts';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import { placeNames } from './place-names.ts';
import { Receipts } from './receipts.ts';

const DAY = 86_400_000;

let world: OrderWorld;
let terminal: FakeTerminal;
let card: FakeCard;
let receipts: Receipts;
beforeEach(async () => {
  world = await OrderWorld.open();
  terminal = await fakeTerminal('T1');
  card = world.household();
  const { store, receipts: codes, receiptLinks: links } = world.services;
  const placeOf = () => Promise.resolve('天山一社区 · 一号机');
  receipts = new Receipts({ store, codes, links, placeOf, clock: world.clock });
});
afterEach(() => world.services.close());

async function bought(): Promise<Order> {
  return world.now(await world.paid(terminal, card));
}
const tokenOf = (url: string): string => url.split('/').at(-1) ?? '';

describe('a receipt', () => {
  it('says what was paid, where and how, and names no household', async () => {
    const order = await bought();
    const seen = receipt.parse(await receipts.of(order));
    expect(seen).toMatchObject({
      ...{ faceFen: 5000, paidFen: 5000, channel: 'wechat', outcome: 'paid', refundFen: 0 },
      ...{ place: '天山一社区 · 一号机', receiptCode: world.services.receipts.codeOf(order._id) },
    });
    const told = JSON.stringify(seen);
    for (const secret of [order.customerNo, order.meterNo, order.serial]) expect(told).not.toContain(secret);
  });

  it('is opened by its link, which is neither the order’s number nor the link to pay', async () => {
    const order = await bought();
    const { url } = await receipts.of(order);
    expect(url).not.toContain(order._id);
    expect(await receipts.byToken(tokenOf(url))).toMatchObject({ orderNo: order._id });
    for (const token of [order._id, world.services.links.tokenOf(order._id), 'A'.repeat(22)]) {
      await expect(receipts.byToken(token)).rejects.toMatchObject({ code: 'order.not-found' });
    }
  });

  it('is not there before the money is', async () => {
    const order = await world.offer(terminal, card);
    await expect(receipts.of(order)).rejects.toMatchObject({ code: 'order.not-found' });
  });

  it('is kept for a year after the last change', async () => {
    const token = tokenOf((await receipts.of(await bought())).url);
    await world.clock.advance(365 * DAY);
    expect((await receipts.byToken(token)).outcome).toBe('paid');
    await world.clock.advance(2 * DAY);
    await expect(receipts.byToken(token)).rejects.toMatchObject({ code: 'order.not-found' });
  });
});

describe('what went back', () => {
  const refund = { no: 'r1', fen: 5000, reason: 'not-sold', at: new Date() } as const;

  it.each([
    ['requested', 'refunding', 0],
    ['sent', 'refunding', 5000],
    ['done', 'refunded', 5000],
  ] as const)('%s is %s', async (status, outcome, refundFen) => {
    const order = await bought();
    const paymentNo = order.payments[0]?.no ?? '';
    const given: Order = { ...order, refunds: [{ ...refund, paymentNo, status }] };
    expect(await receipts.of(given)).toMatchObject({ outcome, refundFen });
  });

  it('in cash waits at the counter until it was handed out, and says when', async () => {
    const order = await bought();
    const paymentNo = order.payments[0]?.no ?? '';
    const owed = { ...refund, paymentNo, status: 'done', handOut: { status: 'owed' } } as const;
    const more = { ...owed, no: 's1', fen: 300, reason: 'compensation' } as const;
    expect((await receipts.of({ ...order, refunds: [owed, more] })).cashBack).toEqual({
      ...{ waitingFen: 5300, handedOutFen: 0, handedOutAt: null },
    });
    const at = new Date('2026-03-02T02:00:00Z');
    const fact = { at, by: 'u', staff: '104817', terminalId: 't1', slip: '000117' };
    const handed = { ...owed, handOut: { status: 'handed-out', ...fact } } as const;
    expect((await receipts.of({ ...order, refunds: [handed, more] })).cashBack).toEqual({
      ...{ waitingFen: 300, handedOutFen: 5000, handedOutAt: at.toISOString() },
    });
    expect(receipt.parse(await receipts.of({ ...order, refunds: [handed] }))).toMatchObject({
      cashBack: { waitingFen: 0 },
    });
    expect(await receipts.of(order)).not.toHaveProperty('cashBack');
  });

  it('leaves a second payment of the same order alone', async () => {
    const order = await bought();
    const given: Order = {
      ...order,
      refunds: [{ ...refund, reason: 'double-payment', paymentNo: 'another', status: 'done' }],
    };
    expect(await receipts.of(given)).toMatchObject({ outcome: 'paid', refundFen: 0 });
  });
});

describe('where it was bought', () => {
  const place = placeNames({
    terminals: { get: (id) => Promise.resolve(id === 't1' ? { name: '一号机' } : null) },
    orgs: {
      get: (id) =>
        Promise.resolve(id === 'c1' ? { names: { 'zh-CN': '天山一社区', ug: 'ug', en: 'en' } } : null),
    },
  });

  it.each([
    ['in a community', 't1', ['province', 'c1'], '天山一社区 · 一号机'],
    ['at a terminal of nobody', 't1', ['province'], '一号机'],
    ['on a phone', 'payer:1', ['province'], null],
  ])('%s', async (_, terminalId, orgPath, said) => {
    expect(await place({ terminalId, orgPath })).toBe(said);
  });
});
