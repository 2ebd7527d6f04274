import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { CounterWorld, PIN } from '../../testing/counter-world.ts';

let t: TestContext;
let c: CounterWorld;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  c = await CounterWorld.open(t);
  return () => c.close();
});

const numbersOf = (body: Record<string, unknown>) =>
  (body['orders'] as { orderNo: string }[]).map(({ orderNo }) => orderNo);

describe('the orders of a counter', () => {
  it('are the community’s, newest first, page by page, masked, and say what to do', async () => {
    const mine = await c.sold(c.kiosk, c.world.household());
    const theirs = await c.sold(c.neighbour, c.world.household());
    const away = await c.sold(c.stranger, c.world.household());
    const ticket = await c.ticketOf();
    const { body } = await c.search(ticket);
    expect(numbersOf(body)).toEqual([theirs._id, mine._id]);
    expect(body['orders']).toMatchObject([
      { here: false, state: 'sold', next: 'insert-card', household: mask(theirs) },
      { here: true, state: 'sold', next: 'insert-card', household: mask(mine) },
    ]);
    const first = await c.search(ticket, { limit: 1 });
    expect([numbersOf(first.body), first.body['next']]).toEqual([[theirs._id], theirs._id]);
    const second = await c.search(ticket, { limit: 1, after: theirs._id });
    expect([numbersOf(second.body), second.body['next']]).toEqual([[mine._id], null]);
    const read = (orderNo: string) => c.post('orders/read', { ticket, orderNo });
    expect((await read(away._id)).body['code']).toBe('order.not-found');
    expect((await read(mine._id)).body).toMatchObject({
      ...{ means: 'wechat', kind: 'card', refundFen: 0, writeFault: null, next: 'insert-card' },
      receiptCode: c.world.services.receipts.codeOf(mine._id),
      steps: [{ step: 'made' }, { step: 'paid' }, { step: 'sold' }],
    });
    expect(JSON.stringify(body)).not.toContain(mine.customerNo);
  });

  it('are this terminal’s alone where it stands in no community', async () => {
    const here = await c.sold(c.stranger, c.world.household());
    await c.sold(c.kiosk, c.world.household());
    const there = await c.at(c.stranger);
    const entered = await c.enter('away', PIN, there);
    expect(entered.body).toMatchObject({ orders: 'terminal' });
    const { body } = await c.search(String(entered.body['ticket']), {}, there);
    expect(numbersOf(body)).toEqual([here._id]);
    await there.close();
  });

  it('are unfinished until the card has them', async () => {
    const card = c.world.household();
    const waiting = await c.sold(c.kiosk, card);
    const other = c.world.household();
    await c.world.write(c.kiosk, other, await c.sold(c.kiosk, other));
    await c.world.offer(c.kiosk, c.world.household());
    const ticket = await c.ticketOf();
    const unfinished = async () => numbersOf((await c.search(ticket, { list: 'unfinished' })).body);
    expect(await unfinished()).toEqual([waiting._id]);
    await c.world.write(c.kiosk, card, waiting);
    expect(await unfinished()).toEqual([]);
    expect((await c.post('orders/read', { ticket, orderNo: waiting._id })).body).toMatchObject({
      ...{ state: 'done', next: 'check-card' },
    });
  });

  it('are found by receipt, order number, meter’s and customer’s number, and its last four digits', async () => {
    const mine = await c.sold(c.kiosk, c.world.household());
    await c.sold(c.kiosk, c.world.household());
    const away = await c.sold(c.stranger, c.world.household());
    const ticket = await c.ticketOf();
    const found = async (key: string) => numbersOf((await c.search(ticket, { key })).body);
    const code = c.world.services.receipts.codeOf(mine._id);
    expect(await found(code)).toEqual([mine._id]);
    expect(await found(` ${code.replaceAll('-', '').toLowerCase()} `)).toEqual([mine._id]);
    expect(await found(mine._id)).toEqual([mine._id]);
    expect(await found(`${mine._id}p1`)).toEqual([mine._id]);
    expect(await found(mine.customerNo)).toEqual([mine._id]);
    expect(await found(mine.meterNo)).toEqual([mine._id]);
    expect(await found(mine.customerNo.slice(-4))).toEqual([mine._id]);
    expect(await found(c.world.services.receipts.codeOf(away._id))).toEqual([]);
    expect(await found('?')).toEqual([]);
    c.world.clock.jump(91 * 86_400_000);
    const later = await c.ticketOf();
    expect(numbersOf((await c.search(later, { key: mine.customerNo.slice(-4) })).body)).toEqual([]);
  });

  it('that another terminal is writing are left to it', async () => {
    const card = c.world.household();
    const order = await c.sold(c.kiosk, card);
    await c.world.services.writes.release(order, c.neighbour, { image: card.read() });
    const ticket = await c.ticketOf();
    const read = () => c.post('orders/read', { ticket, orderNo: order._id });
    expect((await read()).body).toMatchObject({
      next: 'written-elsewhere',
      leaseUntil: expect.any(String) as string,
    });
    c.world.clock.jump(600_000);
    expect((await read()).body).toMatchObject({ next: 'insert-card', leaseUntil: null });
  });

  it.each([
    ['from before its word was kept apart', ['credit.credited']],
    ['once, and since its first word', ['credit.credited', 'meter.credited', 'meter.credited']],
    ['that came with a card', ['write.proven']],
  ] as const)('shows what a meter said %s', async (_, names) => {
    const card = c.world.household();
    const order = await c.sold(c.kiosk, card);
    const ticket = await c.ticketOf();
    const events = names.map((name, at) => ({
      ...{ n: order.events.length + at + 1, name, by: 'meter', at: new Date(c.world.clock.now() + at) },
    }));
    const after = { ...order, version: order.version + 1, events: [...order.events, ...events] };
    await c.world.services.store.replace(order, after);
    const { steps } = (await c.post('orders/read', { ticket, orderNo: order._id })).body as {
      steps: { step: string; at: string }[];
    };
    const credited = steps.filter(({ step }) => step === 'credited');
    const word = events.find(({ name }) => name === 'meter.credited') ?? events[0];
    expect(credited).toEqual([{ step: 'credited', at: word?.at.toISOString() }]);
  });
});

function mask({ masked }: Order): Order['masked'] {
  return { ...masked };
}
