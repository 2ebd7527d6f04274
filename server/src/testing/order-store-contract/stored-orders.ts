import { describe, expect, it } from 'vitest';
import { ORDER_KINDS } from '@bianmin/purchase/api/order';
import type { Facts } from '../../orders/model/change.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../order-samples.ts';
import { lastSerial, own } from './own-names.ts';

/** What was stored comes back as it was. */
export function storedOrders(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('gives back an order as it was stored, and null for one that is not there', async () => {
      const order = sampleOrder({ ...own(), payments: [samplePayment()], attention: 'late-sale' });
      expect(await open().insert(order)).toBe('inserted');
      expect(await open().get(order._id)).toEqual(order);
      expect(await open().byIdempotencyKey(order.terminalId, order.idempotencyKey)).toEqual(order);
      expect(await open().get('000000000000000000')).toBeNull();
    });

    it('gives back a remote order, and moves its credit by compare-and-set', async () => {
      const order = sampleOrder({ ...own(), kind: 'remote', imageDigest: '', credit: { status: 'none' } });
      expect(await open().insert(order)).toBe('inserted');
      expect(await open().get(order._id)).toEqual(order);
      const sentAt = SAMPLE_TIME;
      const after = { ...order, version: 2, credit: { status: 'sent', sentAt, tries: 1 } as const };
      expect(await open().replace(order, after)).toBe('moved');
      expect(await open().replace(order, { ...after, version: 3 })).toBe('conflict');
      const chosen = { ...after, version: 3, fallback: 'card' as const };
      expect(await open().replace(after, chosen)).toBe('moved');
      expect(await open().get(order._id)).toEqual(chosen);
    });

    it.each(ORDER_KINDS)('keeps each fact that a move may touch, of a %s order', async (kind) => {
      const order = sampleOrder({ ...own(), kind });
      await open().insert(order);
      const at = SAMPLE_TIME;
      const persons = { requestedBy: 'a', approvedBy: 'b', approval: 'c' };
      const facts: Facts = {
        ...{ payments: [samplePayment()], refunds: [], watchers: ['T1', 'T2'] },
        ...{
          sale: { status: 'sold' },
          saleSlot: `f${lastSerial()}`,
          reversal: { status: 'sent', ...persons },
        },
        ...{ chip: 'CPU', serial: '0000000000000009', imageDigest: 'b'.repeat(64), attention: 'late-sale' },
        ...{ write: { status: 'failed', lease: 2, at }, meter: { status: 'refused', at, reason: 'full' } },
        undo: { status: 'off', at, ...persons, lease: 3, terminalId: 'T2', leaseUntil: at, meterSaidAt: 's' },
        ...{
          credit: { status: 'credited', creditedAt: at },
          fallback: 'card',
          closure: { status: 'asked', reason: 'expired' },
        },
      };
      const after = { ...order, ...facts, version: 2 };
      expect(await open().replace(order, after)).toBe('moved');
      expect(await open().get(order._id)).toEqual(after);
    });

    it('appends events, and unsets what became null', async () => {
      const order = sampleOrder({ ...own(), saleSlot: `s${lastSerial()}` });
      await open().insert(order);
      const event = { n: 2, at: SAMPLE_TIME, name: 'order.closing' as const, by: 'y', data: { z: 1 } };
      const after = { ...order, version: 2, saleSlot: null, dueAt: null, events: [...order.events, event] };
      expect(await open().replace(order, after)).toBe('moved');
      expect(await open().get(order._id)).toEqual(after);
    });
  });
}
