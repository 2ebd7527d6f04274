import { describe, expect, it } from 'vitest';
import { SHARDS, shardOf } from '../../kernel/shards.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { SAMPLE_TIME, sampleOrder } from '../order-samples.ts';
import { own } from './own-names.ts';

/** Orders by when something has to happen to them. */
export function dueOrders(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    /** Nothing has to happen to them any more: the stores are not emptied between tests. */
    const settle = async (orders: readonly Order[]): Promise<void> => {
      for (const order of orders) await open().postpone(order, null);
    };

    it('counts what is in a state, up to a bound, and tells since when the most overdue order waits', async () => {
      const before = await open().countOf('grid-silent', 1000);
      const orders = [90, 70, 80].map((ms) =>
        sampleOrder({ ...own(), state: 'grid-silent', dueAt: new Date(ms) }),
      );
      for (const order of orders) await open().insert(order);
      expect(await open().countOf('grid-silent', 1000)).toBe(before + 3);
      expect(await open().countOf('grid-silent', before + 2)).toBe(before + 2);
      expect(await open().dueSince(new Date(90))).toEqual(new Date(70));
      expect(await open().dueSince(new Date(69))).toBeNull();
      await settle(orders);
    });

    it('finds what is put off to a later time than any', async () => {
      const far = new Date('2099-01-01T00:00:00Z');
      const dues = [1, 2, 0].map((ms) => new Date(far.getTime() + ms));
      const orders = [...dues, null].map((dueAt) => sampleOrder({ ...own(), dueAt }));
      const [order, later, ...others] = orders as [Order, Order, ...Order[]];
      for (const each of [order, ...others]) await open().insert(each);
      expect(await open().dueAfter(far, 10)).toEqual([{ orderNo: order._id, version: order.version }]);
      await open().insert(later);
      expect(await open().dueAfter(far, 10)).toHaveLength(2);
      expect(await open().dueAfter(far, 1)).toHaveLength(1);
      await settle(orders);
    });

    it('finds what is due, what a meter has unsettled, and what a terminal has to hear', async () => {
      const names = own();
      const order = sampleOrder({ ...names, watchers: ['w1', names.terminalId], dueAt: new Date(1000) });
      const done = sampleOrder({ ...own(), meterNo: names.meterNo, state: 'done', dueAt: null });
      await open().insert(order);
      await open().insert(done);
      const shard = shardOf(order._id);
      const dueAt = (ms: number) => open().due(new Date(ms), { shard, limit: 10 });
      expect(await dueAt(1000)).toEqual([order._id]);
      const elsewhere = { shard: (shard + 1) % SHARDS, limit: 10 };
      expect(await open().due(new Date(1000), elsewhere)).not.toContain(order._id);
      await open().postpone(order, new Date(2000));
      expect(await dueAt(1000)).toEqual([]);
      await open().postpone({ ...order, version: 7 }, null);
      expect(await dueAt(2000)).toEqual([order._id]);
      await open().postpone(order, null);
      const unsettled = await open().unsettledOfMeter(order.grid, order.meterNo);
      expect(unsettled.map(({ _id }) => _id)).toEqual([order._id]);
      const ofCard = (await open().unsettledOfCard(order.grid, order.serial)).map(({ _id }) => _id);
      expect(ofCard).toContain(order._id);
      expect(ofCard).not.toContain(done._id);
      expect(await open().unsettledOfCard('another', order.serial)).toEqual([]);
      expect(await open().unsettledOfCard(order.grid, '00000000000000FF')).toEqual([]);
      const at = (since: Date) => open().changedSince(names.terminalId, since, 10);
      expect((await at(SAMPLE_TIME)).map(({ _id }) => _id)).toEqual([order._id]);
      expect(await at(new Date(SAMPLE_TIME.getTime() + 1))).toEqual([]);
    });

    it('sums the face value of what is in some states', async () => {
      const states = ['paid', 'writing'] as const;
      const before = await open().faceFenIn(states);
      await open().insert(sampleOrder({ ...own(), state: 'paid', faceFen: 3000, dueAt: null }));
      await open().insert(sampleOrder({ ...own(), state: 'writing', faceFen: 200, dueAt: null }));
      await open().insert(sampleOrder({ ...own(), state: 'sold', faceFen: 10, dueAt: null }));
      expect(await open().faceFenIn(states)).toBe(before + 3200);
      expect(await open().faceFenIn([])).toBe(0);
    });
  });
}
