import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { SAMPLE_TIME, sampleOrder, samplePayment } from '../order-samples.ts';
import { lastSerial, own } from './own-names.ts';

/** Orders whose cash waits for its household. */
export function ordersWithCashOwed(name: string, open: () => OrderStore): void {
  describe(`${name} keeps an order store's contract`, () => {
    it('finds orders by cash that waits for its household, by float and page', async () => {
      const at = SAMPLE_TIME;
      const owing = (float: string) => {
        const { _id, ...rest } = own();
        const payments = [
          { ...samplePayment({ no: `${_id}p1`, channel: 'cash', float, status: 'succeeded' }) },
        ];
        const owed = { no: `${_id}p1r3`, paymentNo: `${_id}p1`, fen: 1, reason: 'not-sold', at } as const;
        const refunds = [{ ...owed, status: 'done', handOut: { status: 'owed' } } as const];
        return sampleOrder({ _id, ...rest, payments, refunds });
      };
      const mine = `f${lastSerial()}`;
      const [a, b, other] = [owing(mine), owing(mine), owing('another')];
      for (const order of [b, a, other]) await open().insert(order);
      const float = a.payments[0]?.float ?? '';
      const found = async (of: { after?: string; limit?: number }, scope = WHOLE_PROVINCE) =>
        (await open().withCashOwed({ float, limit: 10, ...of }, scope)).map(({ _id }) => _id);
      expect(await found({})).toEqual([a._id, b._id]);
      expect(await found({ limit: 1 })).toEqual([a._id]);
      expect(await found({ after: a._id })).toEqual([b._id]);
      expect(await found({}, scopeOf('650200'))).toEqual([]);
      const all = await open().withCashOwed({ limit: 100 }, WHOLE_PROVINCE);
      expect(all.map(({ _id }) => _id)).toEqual(expect.arrayContaining([a._id, other._id]));
      const household = { grid: a.grid, customerNo: a.customerNo, maskedName: a.masked.name };
      const to = async (over: object = {}) => {
        const cashOf = { ...household, ...over };
        const about = await open().aboutMeter({ grid: a.grid, meterNo: 'of nobody', cashOf });
        return about.map(({ _id }) => _id);
      };
      expect(await to()).toEqual(expect.arrayContaining([a._id, b._id, other._id]));
      for (const over of [{ grid: 'x' }, { customerNo: 'x' }, { maskedName: '李*' }]) {
        expect(await to(over)).toEqual([]);
      }
      const fact = { at, by: 'u', staff: '104817', terminalId: 't1', slip: '000117' };
      const refunds = a.refunds.map((each) => ({
        ...each,
        handOut: { status: 'handed-out', ...fact } as const,
      }));
      const after = { ...a, version: 2, refunds };
      expect(await open().replace(a, after)).toBe('moved');
      expect(await found({})).toEqual([b._id]);
      expect(await open().get(a._id)).toEqual(after);
    });
  });
}
