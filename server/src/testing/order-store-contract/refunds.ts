import { describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { SAMPLE_TIME, sampleOrder } from '../order-samples.ts';
import { own } from './own-names.ts';

/** Orders by the state of their refunds. */
export function ordersWithRefunds(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('finds orders by refunds that are not over', async () => {
      const order = sampleOrder(own());
      await open().insert(order);
      const refund = { no: 'r1', paymentNo: 'p1', fen: 1, reason: 'not-sold', at: SAMPLE_TIME } as const;
      const found = async () =>
        (await open().withRefunds(['requested', 'abnormal'], 10, WHOLE_PROVINCE))
          .map(({ _id }) => _id)
          .filter((no) => no === order._id);
      const asked = { ...order, version: 2, refunds: [{ ...refund, status: 'requested' as const }] };
      await open().replace(order, asked);
      expect(await found()).toEqual([order._id]);
      const sent = { ...asked, version: 3, refunds: [{ ...refund, status: 'sent' as const }] };
      await open().replace(asked, sent);
      expect(await found()).toEqual([]);
      const two = [...sent.refunds, { ...refund, no: 'r2', status: 'abnormal' as const }];
      const both = { ...sent, version: 4, refunds: two };
      await open().replace(sent, both);
      expect(await found()).toEqual([order._id]);
      const done = {
        ...both,
        version: 5,
        refunds: two.map((each) => ({ ...each, status: 'done' as const })),
      };
      await open().replace(both, done);
      expect(await found()).toEqual([]);
      expect(await open().get(order._id)).toEqual(done);
    });
  });
}
