import { describe, expect, it } from 'vitest';
import type { OrderStore } from '../../orders/store/orders.ts';
import { sampleOrder, samplePayment } from '../order-samples.ts';
import { lastSerial, own } from './own-names.ts';

/** Of what may be there once: numbers, keys, versions, slots and transactions. */
export function oneOfMany(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it("refuses a number and a terminal's idempotency key twice, not another terminal's", async () => {
      const first = sampleOrder(own());
      await open().insert(first);
      expect(await open().insert(first)).toBe('exists');
      expect(await open().insert({ ...first, _id: own()._id })).toBe('exists');
      expect(await open().insert({ ...first, _id: own()._id, terminalId: 'other' })).toBe('inserted');
    });

    it('lets one of many racers move an order', async () => {
      const order = sampleOrder(own());
      await open().insert(order);
      const race = Array.from({ length: 20 }, (_, n) =>
        open().replace(order, { ...order, version: 2, attention: 'late-sale', watchers: [`w${n}`] }),
      );
      expect((await Promise.all(race)).filter((outcome) => outcome === 'moved')).toHaveLength(1);
    });

    it('gives a sale slot to one order until it is free again', async () => {
      const [a, b] = [sampleOrder(own()), sampleOrder(own())];
      await open().insert(a);
      await open().insert(b);
      const saleSlot = `grid:${a.meterNo}:2`;
      const held = { ...a, version: 2, saleSlot };
      expect(await open().replace(a, held)).toBe('moved');
      expect(await open().replace(b, { ...b, version: 2, saleSlot })).toBe('slot-taken');
      expect((await open().bySaleSlot(saleSlot))?._id).toBe(a._id);
      expect(await open().replace(held, { ...held, version: 3, saleSlot: null })).toBe('moved');
      expect(await open().replace(b, { ...b, version: 2, saleSlot })).toBe('moved');
    });

    it("takes a channel's transaction once, and many orders without any", async () => {
      const [a, b] = [sampleOrder(own()), sampleOrder(own())];
      await open().insert(a);
      await open().insert(b);
      const payments = [samplePayment({ status: 'succeeded', transactionId: `tx${lastSerial()}` })];
      expect(await open().replace(a, { ...a, version: 2, payments })).toBe('moved');
      expect(await open().replace(b, { ...b, version: 2, payments })).toBe('transaction-taken');
      const two = [...payments, samplePayment({ no: 'p2', transactionId: `ty${lastSerial()}` })];
      const paid = await open().get(a._id);
      expect(paid && (await open().replace(paid, { ...paid, version: 3, payments: two }))).toBe('moved');
    });
  });
}
