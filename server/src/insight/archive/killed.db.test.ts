import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import type { Order } from '../../orders/model/order.ts';
import { CountedOrders } from '../report/counted-orders.ts';
import { ORDER_ARCHIVE, OrderArchive, type ArchiveStep } from '../../orders/store/order-archive.ts';
import type { OrderDocument } from '../../orders/store/order-schema.ts';
import { ArchiveWorld, NOW } from '../../testing/archive-world.ts';

let a: ArchiveWorld;
beforeAll(async () => {
  a = await ArchiveWorld.open();
});
afterAll(() => a.close());
beforeEach(() => a.fresh());

describe('killed while it moves one', () => {
  const STEPS: readonly ArchiveStep[] = ['marked', 'copied', 'verified', 'deleted'];
  it.each(STEPS)('after it was %s, nothing is lost and nothing is there twice', async (killedAt) => {
    const orders = [await a.done(), await a.done(), await a.done()];
    const numbers = orders.map(({ _id }) => _id).sort();
    const killed = a.archiver({
      step: (orderNo, step) => {
        if (orderNo === numbers[1] && step === killedAt) throw new Error('killed');
      },
    });
    await expect(killed.round()).rejects.toThrow('killed');
    // Between the two everybody reads each once.
    for (const order of orders)
      expect(await a.store.get(order._id)).toMatchObject({ _id: order._id, version: order.version });
    const found = await a.store.search(
      { to: firstOrderNo(new Date('2023-01-01T00:00:00Z')) },
      { limit: 9 },
      WHOLE_PROVINCE,
    );
    expect(found.map(({ _id }) => _id).sort()).toEqual(numbers);
    let counted = 0;
    for await (const { _id } of new CountedOrders(a.t.db).all()) if (numbers.includes(_id)) counted += 1;
    expect(counted).toBe(3);

    await a.archiver().round();
    expect(await a.idsIn(ORDER_ARCHIVE)).toEqual(numbers);
    expect(await a.idsIn('orders')).toEqual([]);
    for (const order of orders) expect(await a.store.get(order._id)).toEqual({ ...order, archivedAt: NOW });
    expect(await a.t.db.collection(ORDER_ARCHIVE).countDocuments({ moving: { $exists: true } })).toBe(0);
  });

  it('an order that moves meanwhile stays, and no other worker that tidies up loses it', async () => {
    const order = await a.done();
    const next: Order = { ...order, version: order.version + 1, watchers: ['T1', 'T2'] };
    const moved = a.archiver({
      step: async (_, step) => {
        if (step === 'verified') expect(await a.store.replace(order, next)).toBe('moved');
      },
    });
    await moved.round();
    expect(await a.where(order._id)).toEqual(['orders']);
    expect(await a.store.get(order._id)).toEqual(next);

    const archive = new OrderArchive(a.t.db);
    const read = await a.t.db.collection<OrderDocument>('orders').findOne({ _id: order._id });
    if (read === null) throw new Error('It is there.');
    const taken = await archive.take(read, NOW, async (step) => {
      // Another worker takes it for cut off.
      if (step === 'verified') expect(await new OrderArchive(a.t.db).settle()).toBe(1);
    });
    expect(taken).toBe(false);
    expect(await a.where(order._id)).toEqual(['orders']);
  });
});
