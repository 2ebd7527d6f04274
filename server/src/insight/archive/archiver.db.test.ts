import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { LedgerStore } from '../../money/ledger/ledger-store.ts';
import { firstOrderNo, newOrderNo } from '../../orders/model/order-no.ts';
import type { Order } from '../../orders/model/order.ts';
import { CountedOrders } from '../report/counted-orders.ts';
import { ORDER_ARCHIVE } from '../../orders/store/order-archive.ts';
import { OrderDays } from '../../orders/store/order-days.ts';
import type { OrderQuery } from '../../orders/store/order-query.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { ArchiveWorld, DAY_MS, NOW, OLD } from '../../testing/archive-world.ts';

let a: ArchiveWorld;
beforeAll(async () => {
  a = await ArchiveWorld.open();
});
afterAll(() => a.close());
beforeEach(() => a.fresh());

describe('an old order at rest', () => {
  it('goes into the archive as it is, is found there, and says so', async () => {
    const order = await a.done();
    const younger = await a.done({}, 600);
    expect(await a.archiver().round()).toBe(1);
    expect(await a.where(order._id)).toEqual([ORDER_ARCHIVE]);
    expect(await a.store.get(order._id)).toEqual({ ...order, archivedAt: NOW });
    const all = await a.store.search(
      { to: firstOrderNo(new Date('2025-01-01T00:00:00Z')) },
      { limit: 10 },
      WHOLE_PROVINCE,
    );
    expect(all.map(({ _id, archivedAt }) => [_id, archivedAt])).toEqual([
      [younger._id, undefined],
      [order._id, NOW],
    ]);
    const [first, second] = [1, 2].map((limit) =>
      a.store.search({ serial: order.serial }, { limit }, WHOLE_PROVINCE),
    );
    expect((await first)?.length).toBe(1);
    expect((await second)?.length).toBe(2);
  });

  it("is in its household's history beside the others, page by page", async () => {
    const orders = [await a.done({}, 0), await a.done({}, 1), await a.done({}, 900)];
    const of = { grid: 'collection-v1', customerNo: orders[0]?.customerNo ?? '', maskedName: '张*' };
    const before = await a.store.purchasesOf(of, { limit: 20 });
    await a.archiver().round();
    const after = await a.store.purchasesOf(of, { limit: 20 });
    expect(after.map(({ _id }) => _id)).toEqual(before.map(({ _id }) => _id));
    const page = await a.store.purchasesOf(of, { limit: 2, before: before.at(-3)?._id ?? '' });
    expect(page.map(({ _id }) => _id)).toEqual(before.slice(-2).map(({ _id }) => _id));
  });

  it('is found by whatever an order is found by, within the scope of who looks, and by its day', async () => {
    const order = await a.done({
      serial: '0000000000000099',
      terminalId: 'T9',
      orgPath: ['province', 'city'],
    });
    await a.archiver().round();
    const before = { to: firstOrderNo(new Date('2023-01-01T00:00:00Z')) };
    const queries: OrderQuery[] = [
      { serial: order.serial },
      { terminalId: order.terminalId, ...before },
      { state: 'done', ...before },
      { orgId: 'city', ...before },
      { orgId: 'city', state: 'done', ...before },
      { transactionId: order.payments[0]?.transactionId ?? '' },
      { customerNo: order.customerNo },
      { from: firstOrderNo(new Date(OLD.getTime() - DAY_MS)), ...before },
    ];
    for (const query of queries) {
      const found = await a.store.search(query, { limit: 10 }, WHOLE_PROVINCE);
      expect(found.filter(({ archivedAt }) => archivedAt !== undefined).map(({ _id }) => _id)).toEqual([
        order._id,
      ]);
      expect(await a.store.search(query, { limit: 10 }, scopeOf('another'))).toEqual([]);
    }
    const days = new OrderDays<{ _id: string }>(a.t.db, { meterNo: 1 });
    const found: string[] = [];
    const day = { first: '2022-11-05', last: '2022-11-05' };
    for await (const { _id } of days.read(day)) if (_id === order._id) found.push(_id);
    for await (const { _id } of days.ofMeter(order.meterNo)) if (_id === order._id) found.push(_id);
    expect(found).toEqual([order._id, order._id]);
    expect(await days.get(order._id)).toMatchObject({ _id: order._id });
  });

  it('keeps for itself what no two orders may have', async () => {
    const order = await a.done();
    await a.archiver().round();
    const archived = { ...order, archivedAt: NOW };
    expect(await a.store.byIdempotencyKey(order.terminalId, order.idempotencyKey)).toEqual(archived);
    expect(await a.store.byIdempotencyKey('another', order.idempotencyKey)).toBeNull();
    expect(await a.store.bySaleSlot(order.saleSlot ?? '')).toEqual(archived);

    const young = sampleOrder({
      _id: newOrderNo(NOW),
      terminalId: order.terminalId,
      idempotencyKey: 'young',
    });
    await a.store.insert(young);
    const move = (over: Partial<Order>): Promise<string> =>
      a.store.replace(young, { ...young, version: 2, ...over });
    const { saleSlot, payments } = order;
    expect(await move({ saleSlot })).toBe('slot-taken');
    expect(await move({ payments })).toBe('transaction-taken');
    expect(await a.store.get(young._id)).toEqual(young);
    const own = [samplePayment({ status: 'succeeded', transactionId: 'tx-young' })];
    expect(await move({ saleSlot: 'collection-v1:another:1', payments: own })).toBe('moved');

    // What it has itself stands in its own way no more than before.
    const again = samplePayment({ no: `${order._id}p2`, status: 'succeeded', transactionId: 'tx-late' });
    const late: Order = { ...archived, version: order.version + 1, payments: [...payments, again] };
    expect(await a.store.replace(archived, late)).toBe('moved');
    expect(await a.where(order._id)).toEqual(['orders']);
  });

  it('comes back as soon as something moves it', async () => {
    const order = await a.done();
    await a.archiver().round();
    const archived = await a.store.get(order._id);
    if (archived === null) throw new Error('It is there.');
    const next: Order = {
      ...archived,
      version: archived.version + 1,
      attention: 'payment-mismatch',
      state: 'attention',
    };
    expect(await a.store.replace(archived, next)).toBe('moved');
    expect(await a.where(order._id)).toEqual(['orders']);
    const { archivedAt: _, ...moved } = next;
    expect(await a.store.get(order._id)).toEqual(moved);
    // What was unique about it is still taken.
    const twin = sampleOrder({
      _id: newOrderNo(NOW),
      terminalId: order.terminalId,
      idempotencyKey: order.idempotencyKey,
    });
    expect(await a.store.insert(twin)).toBe('exists');
  });

  it('comes back to be looked at again', async () => {
    const order = await a.done();
    await a.archiver().round();
    const archived = await a.store.get(order._id);
    if (archived === null) throw new Error('It is there.');
    await a.store.postpone(archived, NOW);
    expect(await a.where(order._id)).toEqual(['orders']);
    expect((await a.store.get(order._id))?.dueAt).toEqual(NOW);
  });

  it('changes neither statistics nor books', async () => {
    for (let n = 0; n < 5; n += 1) await a.done({}, n * 7);
    const ledger = new LedgerStore(a.t.db);
    await ledger.add([
      {
        ...{ source: 'S', n: 1, group: 'x', day: '2022-11-05', at: OLD },
        legs: [
          { account: 'a', fen: 100 },
          { account: 'b', fen: -100 },
        ],
      } as unknown as Parameters<LedgerStore['add']>[0][number],
    ]);
    const counted = async (): Promise<unknown[]> => {
      const found = [];
      for await (const order of new CountedOrders(a.t.db).all()) found.push(order);
      return found;
    };
    const [orders, books] = [await counted(), await ledger.turnover()];
    await a.archiver().round();
    expect((await a.idsIn(ORDER_ARCHIVE)).length).toBe(5);
    expect(await counted()).toEqual(orders);
    expect(await ledger.turnover()).toEqual(books);
  });
});
