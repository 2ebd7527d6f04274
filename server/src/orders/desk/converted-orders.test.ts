import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { CaseReport } from '../model/case-sink.ts';

let world: OrderWorld;
let card: FakeCard;
let terminal: FakeTerminal;
let cases: CaseReport[];
beforeEach(async () => {
  cases = [];
  world = await OrderWorld.open({
    cases: { open: (report) => Promise.resolve(void cases.push(report)) },
  });
  card = world.household();
  terminal = await fakeTerminal('T1');
});

const credited = () => world.grid.payments.balances.get(card.meterNo)?.creditedFen;

describe('an order that waited for its card when the household was converted', () => {
  it('ends credited once where the grid moved it, and nothing is written', async () => {
    const sold = await world.paid(terminal, card);
    expect(sold.state).toBe('sold');
    world.grid.convert(card.meterNo);
    const known = await world.identify(terminal, card);
    expect(known).toMatchObject({ delivery: 'account', unfinished: null, blocked: null });
    const ended = await world.now(sold);
    expect(ended).toMatchObject({
      ...{ kind: 'card', state: 'done', write: { status: 'none' }, refunds: [], dueAt: null },
      credit: { status: 'credited' },
    });
    expect(ended.events.at(-1)).toMatchObject({
      ...{ name: 'account.credited', by: 'grid', data: { creditFen: 5000 } },
    });
    expect(world.view(ended)).toMatchObject({
      meter: { status: 'credited' },
      credit: { status: 'credited' },
    });
    expect(credited()).toBe(5000);
    expect(cases).toEqual([]);
    await expect(
      world.services.writes.release(ended, terminal, { image: card.read() }),
    ).rejects.toMatchObject({ code: expect.any(String) as string });
    expect(world.meterOf(card).insert(card)).toBe(0);
  });

  it('is given back once where the grid undid it', async () => {
    const sold = await world.paid(terminal, card);
    world.grid.convert(card.meterNo, 'reversed');
    await world.identify(terminal, card);
    await world.work();
    await world.pass(60_000);
    const ended = await world.now(sold);
    expect(ended).toMatchObject({
      ...{ state: 'refunded', saleSlot: null, reversal: { status: 'reversed', reason: 'converted' } },
      refunds: [{ reason: 'not-sold', fen: 5000, status: 'done' }],
    });
    await world.identify(terminal, card);
    expect((await world.now(sold)).refunds).toHaveLength(1);
    expect(credited()).toBe(0);
  });

  it('is found by the household’s phone as well', async () => {
    const sold = await world.paid(terminal, card);
    world.grid.convert(card.meterNo);
    await world.services.remote.describe(world.customerOf(card), 'payer:p1');
    expect((await world.now(sold)).state).toBe('done');
  });

  it('waits where the grid does not say', async () => {
    const sold = await world.paid(terminal, card);
    world.grid.convert(card.meterNo, 'reversed');
    world.grid.fault = faultsOf({ queryOriginal: ['unavailable'] });
    await world.identify(terminal, card);
    expect((await world.now(sold)).state).toBe('sold');
    await world.identify(terminal, card);
    expect((await world.now(sold)).sale.status).toBe('rejected');
  });

  it('that is on its card, and in no meter, is the account’s: what was claimed stands', async () => {
    const written = await world.write(terminal, card, await world.paid(terminal, card));
    world.grid.convert(card.meterNo, 'reversed');
    await world.identify(terminal, card);
    expect(await world.now(written)).toMatchObject({ state: 'done', meter: { status: 'credited' } });
    expect(credited()).toBe(5000);
  });

  it('that is paid after that is refused by the grid and given back', async () => {
    const order = await world.offer(terminal, card);
    world.grid.convert(card.meterNo);
    world.wechat.pay(order.payments[0]?.codeUrl ?? '');
    await world.notify(order.payments[0]?.no ?? '');
    await world.work();
    expect(await world.now(order)).toMatchObject({
      ...{ sale: { status: 'rejected', reason: 'account' }, refunds: [{ reason: 'not-sold' }] },
    });
  });

  it('is left alone while nothing of its household was converted', async () => {
    const sold = await world.paid(terminal, card);
    await world.identify(terminal, card);
    expect((await world.now(sold)).state).toBe('sold');
  });
});
