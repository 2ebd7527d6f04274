import { describe, expect, it } from 'vitest';
import type { OrderStore } from '../../orders/store/orders.ts';
import { sampleOrder } from '../order-samples.ts';
import { own } from './own-names.ts';

/** When each part of an order is due. */
export function timesOfParts(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('keeps the times of parts where there are several, and forgets them at rest', async () => {
      const order = sampleOrder({ ...own(), dueAt: new Date(1000) });
      await open().insert(order);
      const stored = async () => {
        const { dueAt, dues } = (await open().get(order._id)) ?? { dueAt: undefined };
        return { dueAt, dues };
      };
      const dues = { sale: new Date(3000), [`${order._id}p1r3`]: new Date(2000) };
      await open().postpone(order, new Date(2000), dues);
      expect(await stored()).toEqual({ dueAt: new Date(2000), dues });
      await open().postpone(order, new Date(2000));
      expect(await stored()).toEqual({ dueAt: new Date(2000), dues: undefined });
      const moved = { ...order, version: order.version + 1, dueAt: new Date(4000), dues };
      expect(await open().replace(order, moved)).toBe('moved');
      expect(await stored()).toEqual({ dueAt: new Date(4000), dues });
      const { dues: _, ...rest } = { ...moved, version: moved.version + 1, dueAt: null };
      expect(await open().replace(moved, rest)).toBe('moved');
      expect(await stored()).toEqual({ dueAt: null, dues: undefined });
    });
  });
}
