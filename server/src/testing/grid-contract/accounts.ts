import { describe, expect, it } from 'vitest';
import { paymentFor, type AccountHarness } from './account-kit.ts';
import { eachHarness, failureOf, sellRequest, sellTo, ORDER, REFUSED, SECOND } from './kit.ts';

/** An account at the grid gets what is paid into it, once; its meter is switched by what it has. */
export function accounts(start: () => Promise<AccountHarness>): void {
  describe('an account', () => {
    const harness = eachHarness(start);
    const kept = () => harness.current.account('kept');
    const pay = (more: Parameters<typeof paymentFor>[1] = {}) =>
      harness.current.gateway.payAccount(paymentFor(kept(), more));

    it('is told of by its customer’s number, with what it has now', async () => {
      const { customerNo, balanceFen } = kept();
      expect(await harness.current.gateway.identifyCustomer(customerNo)).toMatchObject({
        ...{ delivery: 'account', supply: 'on', remote: false },
        ...{ balanceFen: balanceFen(), previousInserted: true },
      });
    });

    it('is credited once under a number, however often it is sent', async () => {
      const { gateway } = harness.current;
      const before = kept().balanceFen();
      const paid = await pay();
      expect(paid).toMatchObject({ orderNo: ORDER, count: 0, faceFen: 5000, creditFen: 5000 });
      expect(paid.account).toEqual({ balanceFen: before + 5000, supply: 'on' });
      const { account: _, ...sale } = await pay();
      expect(await gateway.queryOriginal(ORDER)).toMatchObject({ status: 'sold', sale });
      expect(kept().balanceFen()).toBe(before + 5000);
      expect(harness.current.standing()).toEqual([{ orderNo: ORDER, faceFen: 5000 }]);
    });

    it('takes several payments at a time: each number is one', async () => {
      const before = kept().balanceFen();
      await Promise.all([pay(), pay({ orderNo: SECOND, faceFen: 3000 })]);
      expect(kept().balanceFen()).toBe(before + 8000);
    });

    it.each([{ faceFen: 5100 }, { customerNo: 'of the one that is off' }])(
      'refuses %o under a number that was used',
      async (more) => {
        await pay();
        const { customerNo, meterNo } = harness.current.account('off');
        const other = 'customerNo' in more ? { customerNo, meterNo } : more;
        expect(await failureOf(pay(other))).toEqual({ ...REFUSED, refusal: 'duplicate' });
      },
    );

    it('refuses what is outside its limits, and sells nothing', async () => {
      const { minFen, maxFen } = await harness.current.gateway.identifyCustomer(kept().customerNo);
      expect(await failureOf(pay({ faceFen: minFen - 1 }))).toEqual({ ...REFUSED, refusal: 'amount' });
      expect(await failureOf(pay({ orderNo: SECOND, faceFen: maxFen + 1 }))).toMatchObject({
        refusal: 'amount',
      });
      expect(harness.current.standing()).toEqual([]);
    });

    it('that was switched off has electricity again once it is above zero, and not before', async () => {
      const off = harness.current.account('off');
      expect(off.supply()).toBe('off');
      const little = await harness.current.gateway.payAccount(paymentFor(off, { faceFen: 600 }));
      expect(little.account).toEqual({ balanceFen: off.balanceFen(), supply: 'off' });
      const more = await harness.current.gateway.payAccount(
        paymentFor(off, { orderNo: SECOND, faceFen: 100 }),
      );
      expect(more.account).toEqual({ balanceFen: 60, supply: 'on' });
      expect(off.supply()).toBe('on');
    });

    it('is switched off once it is below zero', () => {
      const account = kept();
      account.use(account.balanceFen());
      expect(account.supply()).toBe('on');
      account.use(1);
      expect(account.supply()).toBe('off');
    });

    it('whose meter is not heard is credited, and switched on when it is', async () => {
      const off = harness.current.account('off');
      off.link('offline');
      const { account } = await harness.current.gateway.payAccount(paymentFor(off));
      expect(account).toEqual({ balanceFen: off.balanceFen(), supply: null });
      expect(off.supply()).toBe('off');
      off.link('online');
      expect(off.supply()).toBe('on');
    });

    it('gives a payment back while it has it, and buries a number that it never saw', async () => {
      const { gateway } = harness.current;
      const before = kept().balanceFen();
      await pay();
      expect(await gateway.reverse(ORDER, 'requested')).toEqual({ status: 'reversed' });
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'reversed' });
      expect(kept().balanceFen()).toBe(before);
      await gateway.reverse(SECOND, 'not-found');
      expect(await failureOf(pay({ orderNo: SECOND }))).toEqual({ ...REFUSED, refusal: 'reversed' });
      expect(kept().balanceFen()).toBe(before);
    });

    it('gives nothing back that was used', async () => {
      const { gateway } = harness.current;
      await pay();
      kept().use(kept().balanceFen() - 4999);
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
      expect(await gateway.queryOriginal(ORDER)).toMatchObject({ status: 'sold' });
    });

    it('sells to no card or meter; a card’s customer has none', async () => {
      const { gateway } = harness.current;
      const card = await gateway.identify(await harness.current.card('SLE4442').read());
      const { customerNo, meterNo } = kept();
      const sale = { ...sellRequest(card, ORDER), customerNo, meterNo, count: 1 };
      expect(await failureOf(gateway.sell(sale))).toEqual({ ...REFUSED, refusal: 'account' });
      const into = paymentFor({ ...kept(), customerNo: card.customerNo, meterNo: card.meterNo });
      expect(await failureOf(gateway.payAccount({ ...into, orderNo: SECOND }))).toEqual({
        ...REFUSED,
        refusal: 'no-account',
      });
      expect(harness.current.standing()).toEqual([]);
    });

    it('is paid from our deposit, as a sale is', async () => {
      harness.current.deposit({ availableFen: 4999 });
      expect(await failureOf(pay())).toEqual({ ...REFUSED, refusal: 'vendor-credit' });
      harness.current.deposit({ availableFen: 5000 });
      await pay();
      expect(await failureOf(pay({ orderNo: SECOND }))).toMatchObject({ refusal: 'vendor-credit' });
    });

    it.each([
      ['before', 'not-found', 0],
      ['after', 'sold', 5000],
      ['http-500', 'sold', 5000],
      ['garbage-signature', 'sold', 5000],
      ['wrong-amount', 'sold', 5000],
    ] as const)('whose payment ended with %s is asked about: %s', async (fault, status, credited) => {
      const before = kept().balanceFen();
      harness.current.fault('payAccount', fault);
      expect((await failureOf(pay())).code).toBe('grid.unknown');
      expect((await harness.current.gateway.queryOriginal(ORDER)).status).toBe(status);
      expect(kept().balanceFen()).toBe(before + credited);
    });

    it('is not credited by a payment that comes after its number was buried', async () => {
      const before = kept().balanceFen();
      harness.current.fault('payAccount', 'late');
      expect((await failureOf(pay())).code).toBe('grid.unknown');
      await harness.current.gateway.reverse(ORDER, 'not-found');
      await harness.current.releaseLate();
      expect(kept().balanceFen()).toBe(before);
    });

    it('is what no card’s customer is said to have', async () => {
      const { gateway } = harness.current;
      const { customerNo, delivery } = await gateway.identify(await harness.current.card('CPU').read());
      expect(delivery).not.toBe('account');
      expect((await gateway.identifyCustomer(customerNo)).delivery).not.toBe('account');
      await sellTo(harness.current, 'CPU');
    });
  });
}
