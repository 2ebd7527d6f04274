import { describe, expect, it } from 'vitest';
import { accountBills } from './grid-contract/account-bills.ts';
import type { AccountHarness } from './grid-contract/account-kit.ts';
import { accounts } from './grid-contract/accounts.ts';
import { cancelledWrites } from './grid-contract/cancelled-writes.ts';
import { refusedCancels } from './grid-contract/refused-cancels.ts';
import { cardTaskSteps } from './grid-contract/card-task-steps.ts';
import { cardTasks } from './grid-contract/card-tasks.ts';
import { vendorCredit } from './grid-contract/credit.ts';
import { conversions } from './grid-contract/conversions.ts';
import { customerContract, quoteContract } from './grid-contract/customers.ts';
import { ceilings, toldCeilings } from './grid-contract/ceilings.ts';
import { dailyBillCredits } from './grid-contract/daily-bill-credits.ts';
import { dailyBillCut } from './grid-contract/daily-bill-cut.ts';
import { dailyBill } from './grid-contract/daily-bill.ts';
import { eachHarness } from './grid-contract/kit.ts';
import { lateCalls } from './grid-contract/late-calls.ts';
import { gridLine } from './grid-contract/line.ts';
import { meterReadings } from './grid-contract/meter-readings.ts';
import { purchases } from './grid-contract/purchases.ts';
import { refusedSales } from './grid-contract/refused-sales.ts';
import { refusedWrites } from './grid-contract/refused-writes.ts';
import { remoteCreditMessages } from './grid-contract/remote-credit-messages.ts';
import { remoteCredits } from './grid-contract/remote-credits.ts';
import { refusingMeters, silentMeters } from './grid-contract/remote-meters.ts';
import { remoteRefusals } from './grid-contract/remote-refusals.ts';
import { repeatedCalls } from './grid-contract/repeated-calls.ts';
import { replacementCards } from './grid-contract/replacement-cards.ts';
import { replacementRequests } from './grid-contract/replacement-requests.ts';
import { replacementSales } from './grid-contract/replacement-sales.ts';
import { refusedReversals, reversals } from './grid-contract/reversals.ts';
import { secondMaker } from './grid-contract/second-maker.ts';
import { sales } from './grid-contract/sales.ts';
import { silentCalls } from './grid-contract/silent-calls.ts';
import { writePlans } from './grid-contract/write-plans.ts';
import type { GridHarness, HarnessCapability } from './grid-harness.ts';

type Subject = (start: () => Promise<GridHarness>) => void;

const ALWAYS: readonly Subject[] = [
  purchases,
  sales,
  writePlans,
  refusedSales,
  ceilings,
  refusedWrites,
  reversals,
  refusedReversals,
  cancelledWrites,
  refusedCancels,
  gridLine,
];
const REMOTE: readonly Subject[] = [
  remoteCredits,
  remoteRefusals,
  silentMeters,
  refusingMeters,
  remoteCreditMessages,
];
const REPLACEMENT: readonly Subject[] = [replacementCards, replacementSales, replacementRequests];
const CARD_TASKS: readonly Subject[] = [cardTasks, cardTaskSteps];
const DAILY_BILL: readonly Subject[] = [dailyBill, dailyBillCut];

/**
 * The suite that each grid's adapter passes: what is bought reaches the meter, once. `absent` names what this grid
 * does not offer: then the suite checks that the adapter says so, and skips the rest of it.
 */
export function gridContract(
  name: string,
  start: () => Promise<GridHarness>,
  absent: readonly HarnessCapability[] = [],
): void {
  describe(`${name} keeps the grid's contract`, () => {
    for (const subject of ALWAYS) subject(start);
    silentCalls(start, absent);
    repeatedCalls(start, absent);
    lateCalls(start, absent);
    saysOfBills(start, !absent.includes('dailyBill'));
    const offers = (...capabilities: HarnessCapability[]): boolean =>
      !capabilities.some((capability) => absent.includes(capability));
    if (offers('identifyCustomer')) customerContract(start);
    if (offers('identifyCustomer', 'quote')) quoteContract(start);
    if (offers('ceiling')) toldCeilings(start);
    meterReadings(start);
    vendorCredit(start, { withSale: offers('creditWithSale') });
    if (offers('remoteCredit')) for (const subject of REMOTE) subject(start);
    if (offers('account')) accountContract(start, { moves: offers('remoteCredit') });
    if (offers('secondMaker')) secondMaker(start);
    if (offers('replaceCard')) for (const subject of REPLACEMENT) subject(start);
    if (offers('cardTasks')) for (const subject of CARD_TASKS) subject(start);
    if (!offers('dailyBill')) return;
    for (const subject of DAILY_BILL) subject(start);
    dailyBillCredits(start, { remote: offers('remoteCredit') });
  });
}

/** Of a grid that keeps accounts, or of its line where a province's table has them. `moves`: it says what became of a credit. */
export function accountContract(
  start: () => Promise<AccountHarness>,
  { moves }: { readonly moves: boolean },
): void {
  accounts(start);
  accountBills(start);
  conversions(start, { moves });
}

function saysOfBills(start: () => Promise<GridHarness>, offered: boolean): void {
  describe('its bill', () => {
    const harness = eachHarness(start);

    it(`can ${offered ? '' : 'not '}be fetched, and it says so`, () => {
      expect(harness.current.gateway.bills).toBe(offered);
    });
  });
}
