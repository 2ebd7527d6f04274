import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import type { CaseReport } from '../model/case-sink.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';

let world: OrderWorld;
let terminal: FakeTerminal;
let card: FakeCard;
let cases: CaseReport[];
beforeEach(async () => {
  cases = [];
  world = await OrderWorld.open({ cases: { open: async (report) => void cases.push(report) } });
  terminal = await fakeTerminal('T1');
  card = world.household();
});

function exchange(openOrderNo: string | null): void {
  world.grid.exchanges.set(card.meterNo, { formerMeterNo: card.meterNo, at: null, openOrderNo });
}
const refundsOf = () => [...world.wechat.refunds.values()].map(({ fen }) => fen);

describe('a meter that was exchanged', () => {
  it('takes no card of the former one: it goes to the grid’s counter, and nothing is sold', async () => {
    exchange(null);
    await expect(world.identify(terminal, card)).rejects.toMatchObject({
      ...{ code: 'card.meter-exchanged', orderNo: undefined },
    });
    expect(cases).toEqual([]);
  });

  it('has what was sold for the former one, and is on no card, undone and given back by rule', async () => {
    const sold = await world.paid(terminal, card);
    exchange(sold._id);
    await expect(world.identify(terminal, card)).rejects.toMatchObject({ orderNo: sold._id });
    await world.work();
    const order = await world.now(sold);
    expect(order).toMatchObject({
      ...{ state: 'refunded', saleSlot: null, sale: { status: 'rejected', reason: 'meter-changed' } },
      ...{ reversal: { status: 'reversed', reason: 'meter-changed' }, refunds: [{ reason: 'not-sold' }] },
    });
    expect(refundsOf()).toEqual([sold.paidFen]);
    await expect(world.identify(terminal, card)).rejects.toMatchObject({ code: 'card.meter-exchanged' });
    expect((await world.now(sold)).version).toBe(order.version);
    expect(cases).toEqual([]);
  });

  it('is found out where the card stayed in the terminal: no plan leaves, and the money goes back', async () => {
    const sold = await world.paid(terminal, card);
    exchange(sold._id);
    await expect(world.write(terminal, card, sold)).rejects.toMatchObject({ code: 'card.meter-exchanged' });
    await world.work();
    expect((await world.now(sold)).state).toBe('refunded');
    expect(refundsOf()).toEqual([sold.paidFen]);
  });

  it('leaves what is on a card to the grid’s counter and to staff, and gives nothing back', async () => {
    const sold = await world.paid(terminal, card);
    const written = await world.write(terminal, card, sold);
    exchange(sold._id);
    await expect(world.identify(terminal, card)).rejects.toMatchObject({
      ...{ code: 'card.meter-exchanged', orderNo: sold._id },
    });
    await world.work();
    expect(await world.now(sold)).toMatchObject({ state: 'done', version: written.version, refunds: [] });
    expect(cases).toMatchObject([{ kind: 'meter-exchanged', orderNo: sold._id, facts: { state: 'done' } }]);
  });

  it('is a case of no order that is not of the former meter', async () => {
    const other = world.household();
    const sold = await world.paid(terminal, other);
    await world.write(terminal, other, sold);
    for (const openOrderNo of [sold._id, 'unknown']) {
      exchange(openOrderNo);
      await expect(world.identify(terminal, card)).rejects.toMatchObject({ code: 'card.meter-exchanged' });
    }
    expect(cases).toEqual([]);
  });

  it('is told of by number too: the order is undone without its card', async () => {
    const sold = await world.paid(terminal, card);
    exchange(sold._id);
    await world.services.remote.describe(world.customerOf(card));
    await world.work();
    expect((await world.now(sold)).state).toBe('refunded');
  });

  it('is a case where the grid does not undo what was sold', async () => {
    const sold = await world.paid(terminal, card);
    const sale = world.grid.sales.get(sold._id);
    if (sale !== undefined) sale.confirmed = true;
    exchange(sold._id);
    await expect(world.identify(terminal, card)).rejects.toMatchObject({ code: 'card.meter-exchanged' });
    expect(await world.now(sold)).toMatchObject({ state: 'attention', attention: 'reversal-refused' });
    expect(refundsOf()).toEqual([]);
  });
});

describe('an account that came to another holder', () => {
  beforeEach(() => void world.grid.holders.set(card.meterNo, 'A'));
  const transfer = () => world.grid.holders.set(card.meterNo, 'B');

  it('shows the new one nothing of the former one, though the names are masked alike', async () => {
    const sold = await world.paid(terminal, card);
    await world.write(terminal, card, sold);
    const history = async () => {
      const { cardSession } = await world.identify(terminal, card);
      return world.services.history.ofCard(terminal.terminalId, cardSession);
    };
    expect((await history()).purchases).toMatchObject([{ orderNo: sold._id }]);
    expect((await world.identify(terminal, card)).uncredited).toMatchObject({ orderNo: sold._id });
    transfer();
    expect(await history()).toEqual({ purchases: [], next: null });
    const found = await world.identify(terminal, card);
    expect(found).toMatchObject({ unfinished: null, blocked: 'meter.previous-not-inserted' });
    expect(found.uncredited).toBeUndefined();
  });

  it('does not get what the former one paid for and is on no card: that goes back to its payer', async () => {
    const sold = await world.paid(terminal, card);
    expect((await world.identify(terminal, card)).unfinished?.orderNo).toBe(sold._id);
    transfer();
    expect(await world.identify(terminal, card)).toMatchObject({ unfinished: null, blocked: null });
    await world.work();
    expect(await world.now(sold)).toMatchObject({
      ...{ state: 'refunded', reversal: { reason: 'holder-changed' } },
    });
    expect(refundsOf()).toEqual([sold.paidFen]);
  });

  it('waits for the end of what may be on the card already, without a word about it', async () => {
    const sold = await world.paid(terminal, card);
    await world.services.writes.release(sold, terminal, { image: card.read() });
    transfer();
    expect(await world.identify(terminal, card)).toMatchObject({
      unfinished: null,
      blocked: 'meter.order-open',
    });
    expect((await world.now(sold)).state).toBe('writing');
  });

  it('is not bought for by who was entitled before', async () => {
    const request = {
      ...{ ownerId: 'payer:p1', orgPath: ['province'], customerNo: world.customerOf(card) },
      ...({ faceFen: 5000, entry: 'phone' } as const),
    };
    const { holder } = await world.services.remote.describe(request.customerNo);
    const held = holder === undefined ? {} : { holder };
    const made = await world.services.remote.create({ ...request, ...held, idempotencyKey: 'k1' });
    expect(made.holder).toBe(holder);
    transfer();
    await expect(
      world.services.remote.create({ ...request, ...held, idempotencyKey: 'k2' }),
    ).rejects.toMatchObject({ code: 'binding.not-found' });
  });
});

it('goes by the name alone where the grid tells no holder', async () => {
  const sold = await world.paid(terminal, card);
  expect(sold.holder).toBeUndefined();
  world.grid.holders.set(card.meterNo, 'A');
  expect((await world.identify(terminal, card)).unfinished?.orderNo).toBe(sold._id);
});

describe('an account that was closed', () => {
  const close = () => void world.grid.closed.add(card.meterNo);
  const refusal = { code: 'card.account-closed' };

  it('has what was sold and is on no card undone, and its payer gets it back, once', async () => {
    const sold = await world.paid(terminal, card);
    close();
    for (let times = 0; times < 2; times += 1) {
      await expect(world.identify(terminal, card)).rejects.toMatchObject(refusal);
      await world.work();
    }
    expect(await world.now(sold)).toMatchObject({
      ...{ state: 'refunded', reversal: { status: 'reversed', reason: 'customer-closed' } },
    });
    expect(refundsOf()).toEqual([sold.paidFen]);
  });

  it('is found out where the card stayed in the terminal', async () => {
    const sold = await world.paid(terminal, card);
    close();
    await expect(world.write(terminal, card, sold)).rejects.toMatchObject(refusal);
    await world.work();
    expect((await world.now(sold)).state).toBe('refunded');
  });

  it('leaves what is on a card, or may be, to the grid’s counter', async () => {
    const released = await world.paid(terminal, card);
    await world.services.writes.release(released, terminal, { image: card.read() });
    close();
    await expect(world.identify(terminal, card)).rejects.toMatchObject(refusal);
    await world.work();
    expect(await world.now(released)).toMatchObject({ state: 'writing', refunds: [] });
    expect(refundsOf()).toEqual([]);
  });
});
