import { describe, expect, it } from 'vitest';
import { paymentFor, type AccountHarness } from './account-kit.ts';
import { eachHarness, failureOf, ORDER, REFUSED, SECOND } from './kit.ts';

/** A month that was used first is paid once. */
export function accountBills(start: () => Promise<AccountHarness>): void {
  describe('a month’s bill', () => {
    const harness = eachHarness(start);
    const kept = () => harness.current.account('kept');
    const told = async () => (await harness.current.gateway.identifyCustomer(kept().customerNo)).bills;
    const pay = (billNo: string, more: Parameters<typeof paymentFor>[1] = {}) =>
      harness.current.gateway.payAccount(paymentFor(kept(), { billNo, faceFen: 8_640, ...more }));
    const bill = (partly: boolean) =>
      kept().bill({ period: '2026-10', totalFen: 8_640, dueOn: '2026-11-25', partly });

    it('is told with its month, its sum and its last day; none where all is paid', async () => {
      const billNo = bill(false);
      expect(await told()).toEqual([
        { billNo, period: '2026-10', dueFen: 8_640, dueOn: '2026-11-25', partly: false },
      ]);
      await pay(billNo);
      expect(await told()).toEqual([]);
    });

    it('is paid once, whoever pays it, and the account has no more for it', async () => {
      const billNo = bill(false);
      const before = kept().balanceFen();
      const paid = await pay(billNo);
      expect(paid).toMatchObject({ count: 0, faceFen: 8_640, creditFen: 0, arrearsFen: 8_640 });
      expect(await pay(billNo)).toMatchObject({ saleNo: paid.saleNo });
      expect(await failureOf(pay(billNo, { orderNo: SECOND }))).toEqual({
        ...REFUSED,
        refusal: 'bill-settled',
      });
      expect(kept().balanceFen()).toBe(before);
      expect(harness.current.standing()).toEqual([{ orderNo: ORDER, faceFen: 8_640 }]);
    });

    it('that is paid as a whole takes neither less nor more', async () => {
      const billNo = bill(false);
      for (const faceFen of [8_639, 8_641]) {
        const orderNo = `26011510000000${faceFen}`;
        expect(await failureOf(pay(billNo, { orderNo, faceFen }))).toEqual({ ...REFUSED, refusal: 'amount' });
      }
    });

    it('that may be paid in parts says what is left', async () => {
      const billNo = bill(true);
      await pay(billNo, { faceFen: 8_000 });
      expect(await told()).toMatchObject([{ dueFen: 640, partly: true }]);
      expect(await failureOf(pay(billNo, { orderNo: SECOND, faceFen: 641 }))).toMatchObject({
        refusal: 'amount',
      });
      await pay(billNo, { orderNo: '260115100000000003', faceFen: 640 });
      expect(await told()).toEqual([]);
    });

    it('is due again once its payment was taken back', async () => {
      const billNo = bill(false);
      await pay(billNo);
      expect(await harness.current.gateway.reverse(ORDER, 'requested')).toEqual({ status: 'reversed' });
      expect(await told()).toMatchObject([{ billNo, dueFen: 8_640 }]);
    });

    it('that nobody was sent is none', async () => {
      expect(await failureOf(pay('no-such-bill'))).toEqual({ ...REFUSED, refusal: 'bill-settled' });
    });
  });
}
