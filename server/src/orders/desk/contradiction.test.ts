import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../../testing/order-world.ts';
import type { CaseReport } from '../model/case-sink.ts';

const PAYER = 'payer:p1';

let a: FakeTerminal;
let b: FakeTerminal;
let world: OrderWorld;
let card: FakeCard;
let cases: CaseReport[];
beforeAll(async () => {
  a = await fakeTerminal('kiosk-a');
  b = await fakeTerminal('kiosk-b');
});
beforeEach(async () => {
  cases = [];
  world = await OrderWorld.open({
    cases: { open: (report) => Promise.resolve(void cases.push(report)) },
  });
  card = world.household();
});

describe('what a meter contradicts', () => {
  it('is a case when the meter later wrote back less than was credited from afar', async () => {
    const order = await world.remotePaid(PAYER, card);
    const identify = world.grid.identify.bind(world.grid);
    const at = new Date(world.clock.now() + 60_000).toISOString();
    world.grid.identify = async (image) => ({ ...(await identify(image)), balanceAt: at });
    await world.identify(a, card);
    expect(cases).toMatchObject([
      {
        kind: 'claim-contradicted',
        orderNo: order._id,
        key: 'credit',
        facts: { claim: 'credited', count: 2, creditedCount: 1, meterSaidAt: at },
      },
    ]);
    expect((await world.now(order)).state).toBe('done');
  });

  it('is none while what the meter wrote back is older than the credit', async () => {
    await world.remotePaid(PAYER, card);
    await world.identify(a, card);
    expect(cases).toEqual([]);
  });

  it('is a case when a card said to be written shows the count before', async () => {
    const before = card.clone();
    const done = await world.write(a, card, await world.paid(a, card));
    await world.identify(b, before);
    expect(cases).toMatchObject([
      {
        kind: 'claim-contradicted',
        orderNo: done._id,
        key: 'write:1',
        facts: { claim: 'written', cardCount: 1 },
      },
    ]);
  });

  it('is a case when the meter wrote back less to a card that was written, though it had room', async () => {
    const done = await world.write(a, card, await world.paid(a, card));
    Object.assign(world.meterOf(card), { ceilingFen: 1, writesBackWhenFull: true });
    world.meterOf(card).insert(card);
    world.meterOf(card).ceilingFen = Number.POSITIVE_INFINITY;
    await world.identify(a, card);
    expect(cases).toMatchObject([{ kind: 'written-not-credited', orderNo: done._id, key: 'write:1' }]);
  });

  it('is none when the meter had no room for it, and none when it was read from afar', async () => {
    await world.write(a, card, await world.paid(a, card));
    const customer = await world.grid.identifyCustomer(world.customerOf(card));
    const balanceAt = new Date(world.clock.now() + 60_000).toISOString();
    world.grid.identifyCustomer = () => Promise.resolve({ ...customer, balanceAt, balanceLive: true });
    await world.services.remote.describe(world.customerOf(card));
    Object.assign(world.meterOf(card), { ceilingFen: 4000, writesBackWhenFull: true });
    world.meterOf(card).insert(card);
    await world.identify(a, card);
    expect(cases).toEqual([]);
  });

  it('is a case when the meter credited what a terminal said it could not write, or never got', async () => {
    const sold = await world.paid(a, card);
    const sealed = await world.services.writes.release(sold, a, { image: card.read() });
    card.write(await a.open(sealed));
    await world.services.writes.claim(await world.now(sold), a.terminalId, {
      lease: sealed.lease,
      result: 'failed',
    });
    world.meterOf(card).insert(card);
    await world.identify(a, card);
    expect(cases).toMatchObject([{ kind: 'claim-contradicted', facts: { claim: 'failed' } }]);

    card = world.household();
    cases.length = 0;
    const other = await world.paid(a, card);
    card.noteCredited(2);
    await world.identify(a, card);
    expect(cases).toMatchObject([{ kind: 'credited-not-written', orderNo: other._id }]);
  });

  it('is kept before the card is written again: where it cannot be, the card is asked for once more', async () => {
    let isAway = true;
    world = await OrderWorld.open({
      cases: {
        open: (report) => {
          if (isAway) return Promise.reject(new Error('away'));
          cases.push(report);
          return Promise.resolve();
        },
      },
    });
    card = world.household();
    const before = card.clone();
    const done = await world.write(a, card, await world.paid(a, card));
    await expect(world.identify(b, before)).rejects.toThrow('away');
    isAway = false;
    expect((await world.identify(b, before)).unfinished?.orderNo).toBe(done._id);
    expect(cases).toMatchObject([{ kind: 'claim-contradicted', facts: { claim: 'written' } }]);
  });
});
