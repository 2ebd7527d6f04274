import { describe, expect, it } from 'vitest';
import { paymentFor, type AccountHarness } from './account-kit.ts';
import { eachHarness, failureOf, sellTo, ORDER, REFUSED, SECOND } from './kit.ts';

/** A card’s household becomes an account’s: nothing is lost on the way, and its card is void. */
export function conversions(
  start: () => Promise<AccountHarness>,
  { moves }: { readonly moves: boolean },
): void {
  describe('a household that is converted', () => {
    const harness = eachHarness(start);

    it('is told of by its old card, and has what its meter had', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const before = await gateway.identify(await card.read());
      const account = harness.current.convert('SLE4442', 'moved');
      expect(account.balanceFen()).toBe(before.balanceFen);
      expect(await gateway.identify(await card.read())).toMatchObject({
        ...{ customerNo: before.customerNo, delivery: 'account', balanceFen: before.balanceFen },
        ...{ supply: 'on', previousInserted: true },
      });
    });

    it('buys into its account, and nothing for its card', async () => {
      const { gateway } = harness.current;
      const image = await harness.current.card('SLE4442').read();
      const { soldCount, serial } = await gateway.identify(image);
      const account = harness.current.convert('SLE4442', 'moved');
      const { customerNo, meterNo } = account;
      const sale = {
        ...{ orderNo: ORDER, customerNo, meterNo, serial },
        faceFen: 5000,
        count: soldCount + 1,
      };
      expect(await failureOf(gateway.sell(sale))).toEqual({ ...REFUSED, refusal: 'account' });
      const before = account.balanceFen();
      await gateway.payAccount(paymentFor(account, { orderNo: SECOND }));
      expect(account.balanceFen()).toBe(before + 5000);
      expect(harness.current.card('SLE4442').insert()).toMatchObject({ creditedFen: 0 });
    });

    it('has a sale that waited for its card in the account, once', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const image = await card.read();
      const { balanceFen } = await gateway.identify(image);
      const sale = await sellTo(harness.current, 'SLE4442');
      const account = harness.current.convert('SLE4442', 'moved');
      expect(account.balanceFen()).toBe((balanceFen ?? 0) + sale.creditFen);
      expect(await gateway.queryOriginal(ORDER)).toMatchObject({ status: 'sold' });
      if (moves) {
        expect(await gateway.queryCredit(ORDER)).toMatchObject({
          status: 'credited',
          credit: { orderNo: ORDER, creditFen: sale.creditFen, count: sale.count },
        });
      }
      await gateway.returnData(ORDER, image.regions);
      expect(await failureOf(gateway.writePlan(ORDER, image))).toMatchObject(REFUSED);
      expect(await gateway.reverse(ORDER, 'requested')).toMatchObject({ status: 'refused' });
    });

    it('has one that the grid undid instead in no account', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const { balanceFen } = await gateway.identify(await card.read());
      await sellTo(harness.current, 'SLE4442');
      const account = harness.current.convert('SLE4442', 'reversed');
      expect(account.balanceFen()).toBe(balanceFen);
      expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'reversed' });
    });

    it('has one that is on its card in the account, though the grid undoes what it can', async () => {
      const { gateway } = harness.current;
      const card = harness.current.card('SLE4442');
      const image = await card.read();
      const { balanceFen } = await gateway.identify(image);
      await sellTo(harness.current, 'SLE4442');
      await gateway.returnData(ORDER, image.regions);
      await card.write(await gateway.writePlan(ORDER, image));
      const account = harness.current.convert('SLE4442', 'reversed');
      expect(account.balanceFen()).toBe((balanceFen ?? 0) + 5000);
      expect(card.insert()).toMatchObject({ creditedFen: 0 });
      expect(account.balanceFen()).toBe((balanceFen ?? 0) + 5000);
    });
  });
}
