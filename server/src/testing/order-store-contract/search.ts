import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { OrderPage, OrderQuery } from '../../orders/store/order-query.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../order-samples.ts';
import { own } from './own-names.ts';

/** Orders by what staff look for. */
export function searchedOrders(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('searches by each key, and page by page, the newest first', async () => {
      const [first, second] = [own(), own()];
      const customerNo = `C${first._id.slice(-6)}`;
      const serial = 'AB'.repeat(4) + first._id.slice(-8);
      const meterNo = `M${first._id.slice(-8)}`;
      const same = { customerNo, serial, meterNo, terminalId: first.terminalId };
      const paid = samplePayment({
        status: 'succeeded',
        transactionId: `tx-${first._id}`,
        paidAt: SAMPLE_TIME,
      });
      const one = sampleOrder({ ...first, ...same });
      await open().insert(one);
      await open().replace(one, { ...one, version: 2, state: 'paid', payments: [paid] });
      await open().insert(sampleOrder({ ...second, ...same, attention: 'late-sale', entry: 'iptv2' }));
      const found = async (query: OrderQuery, page: OrderPage = { limit: 10 }) =>
        (await open().search(query, page, WHOLE_PROVINCE)).map(({ _id }) => _id);
      const both = [second._id, first._id];
      expect(await found({ customerNo })).toEqual(both);
      expect(await found({ serial })).toEqual(both);
      expect(await found({ meterNo })).toEqual(both);
      expect(await found({ meterNo }, { limit: 1, after: second._id })).toEqual([first._id]);
      expect(await found({ meterNo: `${meterNo}0` })).toEqual([]);
      expect(await found({ terminalId: same.terminalId })).toEqual(both);
      expect(await found({ transactionId: `tx-${first._id}` })).toEqual([first._id]);
      expect(await found({ customerNo, state: 'paid' })).toEqual([first._id]);
      expect(await found({ customerNo, states: ['paid', 'sold'] })).toEqual([first._id]);
      expect(await found({ customerNo, customerTail: '0001' })).toEqual(both);
      expect(await found({ customerNo, customerTail: '0002' })).toEqual([]);
      expect(await found({ customerNo, attention: true })).toEqual([second._id]);
      expect(await found({ customerNo, entry: 'iptv2' })).toEqual([second._id]);
      expect(await found({ customerNo, from: second._id })).toEqual([second._id]);
      expect(await found({ customerNo, to: second._id })).toEqual([first._id]);
      expect(await found({ customerNo }, { limit: 1 })).toEqual([second._id]);
      expect(await found({ customerNo }, { limit: 1, after: second._id })).toEqual([first._id]);
      expect(await found({ customerNo: 'C-of-nobody' })).toEqual([]);
      const third = { ...own(), ...same, chip: 'SLE4428' as const, orgPath: ['province', '650100'] };
      await open().insert(sampleOrder(third));
      expect(await found({ customerNo, chip: 'SLE4428' })).toEqual([third._id]);
      expect(await found({ customerNo, orgId: 'province' })).toHaveLength(3);
      expect(await found({ customerNo, orgId: '650100' })).toEqual([third._id]);
      // Of those whom the scope shows, and no others.
      const seenBy = async (scope: string, orgId: string) =>
        (await open().search({ customerNo, orgId }, { limit: 10 }, scopeOf(scope))).map(({ _id }) => _id);
      expect(await seenBy('650100', 'province')).toEqual([third._id]);
      expect(await seenBy('650100', '650100')).toEqual([third._id]);
      expect(await seenBy('650200', '650100')).toEqual([]);
      const ofMeter = async (scope: string) =>
        (await open().search({ meterNo }, { limit: 10 }, scopeOf(scope))).map(({ _id }) => _id);
      expect([await ofMeter('650100'), await ofMeter('650200')]).toEqual([[third._id], []]);
    });
  });
}
