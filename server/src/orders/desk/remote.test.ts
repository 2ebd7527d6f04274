import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeCard } from '../../testing/fake-card.ts';
import { faultsOf } from '../../testing/faults.ts';
import { OrderWorld } from '../../testing/order-world.ts';

const PAYER = 'payer:p1';

let world: OrderWorld;
let card: FakeCard;
beforeEach(async () => {
  world = await OrderWorld.open();
  card = world.household();
});

const asked = (operation: string) => world.grid.calls.filter((each) => each === operation).length;
const balance = () => world.meterOf(card).balanceFen;
const link = (how: Parameters<typeof world.grid.credits.link>[1]) =>
  world.grid.credits.link(card.meterNo, how);

describe('a remote order', () => {
  it('ends with the meter credited by what was paid, once, and a receipt', async () => {
    const done = await world.remotePaid(PAYER, card);
    expect(done).toMatchObject({ state: 'done', credit: { status: 'credited', tries: 1 }, dueAt: null });
    expect(world.view(done)).toMatchObject({
      kind: 'remote',
      credit: { status: 'credited', balanceFen: 5000 },
      choices: [],
    });
    expect(world.view(done).receiptCode).toMatch(/^[0-9A-Z-]{19}$/u);
    expect(balance()).toBe(5000);
    expect(asked('writePlan')).toBe(0);
  });

  it('describes the customer masked, and what stands in the way', async () => {
    const { remote } = world.services;
    const customerNo = world.customerOf(card);
    expect(await remote.describe(customerNo)).toEqual({
      customer: { name: '张*', address: '天山区**小区3号楼', customerNo: '****0001', meterTail: '0001' },
      meter: { balanceFen: 2340, readAt: '2026-01-01T00:00:00.000Z', arrearsFen: 0 },
      limits: { minFen: 100, maxFen: 50_000, stepFen: 100, presetsFen: [5000, 10_000, 20_000] },
      blocked: null,
    });
    await world.remoteOrder(PAYER, card);
    expect((await remote.describe(customerNo, PAYER)).blocked).toBeNull();
    expect((await remote.describe(customerNo)).blocked).toBe('meter.order-open');
    link('dead');
    expect((await remote.describe(world.customerOf(card), PAYER)).blocked).toBe('meter.not-remote');
    await expect(remote.describe('nobody')).rejects.toMatchObject({ code: 'customer.unknown' });
  });

  it('is one order for one key of one owner', async () => {
    const request = {
      ownerId: PAYER,
      orgPath: ['province'],
      customerNo: world.customerOf(card),
      faceFen: 5000,
      entry: 'phone',
    } as const;
    const idempotencyKey = randomUUID();
    const create = (over: object) => world.services.remote.create({ ...request, idempotencyKey, ...over });
    const [one, two] = await Promise.all([create({}), create({})]);
    expect(two._id).toBe(one._id);
    await expect(create({ faceFen: 6000 })).rejects.toMatchObject({ code: 'order.idempotency-mismatch' });
    await expect(create({ ownerId: 'payer:p2' })).rejects.toMatchObject({ code: 'meter.order-open' });
  });

  it('is refused where the meter cannot be reached, and for an amount that is not offered', async () => {
    await expect(world.remoteOrder(PAYER, card, 150)).rejects.toMatchObject({
      code: 'order.amount-out-of-range',
    });
    link('dead');
    await expect(world.remoteOrder(PAYER, card)).rejects.toMatchObject({ code: 'meter.not-remote' });
  });

  it('that is not sold is refunded, and never credited', async () => {
    world.grid.fault = faultsOf({ sell: ['lost-request'] });
    const order = await world.remotePaid(PAYER, card);
    await world.pass(300_000, 5_000);
    expect(await world.now(order)).toMatchObject({ state: 'refunded', credit: { status: 'none' } });
    expect(asked('remoteCredit')).toBe(0);
  });

  it('needs no job: the sweeper is enough', async () => {
    world.trigger.copies = () => 0;
    const order = await world.remotePaid(PAYER, card);
    await world.pass(400_000, 2_000);
    expect((await world.now(order)).state).toBe('done');
  });
});
