import { describe, expect, it } from 'vitest';
import type { MeterQuestion, OrderStore } from '../../orders/store/orders.ts';
import { sampleOrder } from '../order-samples.ts';
import { own } from './own-names.ts';

/** All that a card's reading, or a new order, asks of a meter. */
export function aboutMeters(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('tells all that is asked about a meter at once, each order once, oldest first', async () => {
      const { meterNo } = own();
      const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 3, minute));
      const slotOf = (count: number) => `collection-v1:${meterNo}:${count}`;
      const of = (minute: number, over: object) =>
        sampleOrder({ ...own(), meterNo, createdAt: at(minute), ...over });
      const [open1, sold, done, earlier, elsewhere] = [
        of(1, { state: 'created', count: 9 }),
        of(0, { state: 'sold', count: 8, saleSlot: slotOf(8) }),
        of(3, { state: 'done', count: 7, saleSlot: slotOf(7) }),
        of(2, { state: 'done', count: 6, saleSlot: slotOf(6) }),
        of(4, { state: 'created', grid: 'another' }),
      ];
      const key = own();
      const made = sampleOrder({ ...key, state: 'done', createdAt: at(5) });
      for (const order of [open1, sold, done, earlier, elsewhere, made]) await open().insert(order);
      const found = async (more: Partial<MeterQuestion>): Promise<string[]> => {
        const about = await open().aboutMeter({ grid: 'collection-v1', meterNo, ...more });
        return about.map(({ _id }) => _id);
      };
      expect(await found({})).toEqual([sold._id, open1._id]);
      expect(await found({ counts: [7, 99], lateCounts: [8] })).toEqual([sold._id, open1._id, done._id]);
      const { terminalId, idempotencyKey } = made;
      expect(await found({ key: { terminalId, idempotencyKey } })).toEqual([sold._id, open1._id, made._id]);
      expect(await found({ key: { terminalId: 'another', idempotencyKey } })).toEqual([sold._id, open1._id]);
    });
  });
}
