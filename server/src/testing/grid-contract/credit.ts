import { describe, expect, it } from 'vitest';
import type { SellRequest } from '../../gateways/grid/contract.ts';
import type { GridHarness, HarnessHousehold } from '../grid-harness.ts';
import { eachHarness, failureOf, sellRequest, sellTo, ORDER, SECOND } from './kit.ts';

/** What the suite needs of a grid: also of one that has no wire. */
export type CreditHarness = Pick<GridHarness, 'gateway' | 'card' | 'deposit' | 'standing' | 'close'>;

const REFUSED = { code: 'grid.refused', refusal: 'vendor-credit' } as const;

/** A grid that sells against our deposit. `withSale`: it says with each sale what is left. */
export function vendorCredit(start: () => Promise<CreditHarness>, { withSale }: { withSale: boolean }): void {
  describe('the deposit', () => {
    const harness = eachHarness(start);
    depositSpent(harness, withSale);
    depositShort(harness);
  });
}

interface Current {
  readonly current: CreditHarness;
}

/** What a sale takes of it. */
function depositSpent(harness: Current, withSale: boolean): void {
  it('that bounds nothing is none', async () => {
    expect(await harness.current.gateway.vendorCredit()).toBeNull();
    expect(await sellTo(harness.current, 'SLE4442')).not.toHaveProperty('vendorCredit');
  });

  it('pays for each sale its face value, once, and has it back once it is undone', async () => {
    const { gateway, deposit } = harness.current;
    deposit({ availableFen: 12_000 });
    expect(await gateway.vendorCredit()).toMatchObject({ availableFen: 12_000, batch: 'open' });
    const request = await requestOf(harness.current, 'SLE4442', ORDER);
    await gateway.sell(request);
    await gateway.sell(request);
    expect(await availableFen(harness.current)).toBe(7000);
    await gateway.reverse(ORDER, 'requested');
    await gateway.reverse(ORDER, 'requested');
    expect(await availableFen(harness.current)).toBe(12_000);
  });

  it(`is ${withSale ? '' : 'not '}told with the sale`, async () => {
    harness.current.deposit({ availableFen: 12_000 });
    const sale = await sellTo(harness.current, 'SLE4442');
    expect(sale.vendorCredit).toEqual(
      withSale ? { availableFen: 7000, asOf: expect.any(String) as string, batch: 'open' } : undefined,
    );
  });
}

/** What is not sold against it. */
function depositShort(harness: Current): void {
  it('that does not cover a sale refuses it by its own name: no household did wrong, and nothing was sold', async () => {
    const { gateway, deposit, standing } = harness.current;
    deposit({ availableFen: 4999 });
    expect(await failureOf(gateway.sell(await requestOf(harness.current, 'SLE4442', ORDER)))).toEqual(
      REFUSED,
    );
    expect(await gateway.queryOriginal(ORDER)).toEqual({ status: 'rejected', reason: 'vendor-credit' });
    expect(standing()).toEqual([]);
    expect(await availableFen(harness.current)).toBe(4999);
  });

  it('that was topped up sells under the same number what it had refused, once', async () => {
    const { gateway, deposit, standing } = harness.current;
    deposit({ availableFen: 0 });
    const request = await requestOf(harness.current, 'SLE4442', ORDER);
    expect(await failureOf(gateway.sell(request))).toEqual(REFUSED);
    deposit({ availableFen: 5000 });
    expect(await failureOf(gateway.sell({ ...request, faceFen: 4000 }))).toMatchObject({
      refusal: 'duplicate',
    });
    expect(await gateway.sell(request)).toMatchObject({ orderNo: ORDER, faceFen: 5000 });
    expect(await failureOf(gateway.sell(await requestOf(harness.current, 'CPU', SECOND)))).toEqual(REFUSED);
    expect(standing()).toEqual([{ orderNo: ORDER, faceFen: 5000 }]);
  });

  it('never sells what it had refused once its number is buried', async () => {
    const { gateway, deposit, standing } = harness.current;
    deposit({ availableFen: 0 });
    const request = await requestOf(harness.current, 'SLE4442', ORDER);
    await failureOf(gateway.sell(request));
    expect(await gateway.reverse(ORDER, 'vendor-credit')).toEqual({ status: 'reversed' });
    deposit({ availableFen: 5000 });
    expect(await failureOf(gateway.sell(request))).toMatchObject({ refusal: 'reversed' });
    expect(standing()).toEqual([]);
  });

  it('sells nothing while its batch is closed', async () => {
    const { gateway, deposit } = harness.current;
    deposit({ availableFen: 12_000, batch: 'closed' });
    expect(await gateway.vendorCredit()).toMatchObject({ availableFen: 12_000, batch: 'closed' });
    const request = await requestOf(harness.current, 'SLE4442', ORDER);
    expect(await failureOf(gateway.sell(request))).toEqual(REFUSED);
    deposit({ availableFen: 12_000 });
    await gateway.sell(request);
  });
}

async function availableFen({ gateway }: CreditHarness): Promise<number | undefined> {
  return (await gateway.vendorCredit())?.availableFen;
}

async function requestOf(
  harness: CreditHarness,
  household: HarnessHousehold,
  orderNo: string,
): Promise<SellRequest> {
  return sellRequest(await harness.gateway.identify(await harness.card(household).read()), orderNo);
}
