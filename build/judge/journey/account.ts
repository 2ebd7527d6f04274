import { buyByPhone, phoneRow, type PhonePurchase } from './phone-purchase.ts';
import type { JourneyRow } from './purchase.ts';

/**
 * One whole purchase into an account that the grid keeps: a phone binds a household that never had a card, buys and pays. The
 * grid's account is asked; then the very payment that our server sent is given to the grid once more.
 */
export async function runAccountJourney(init: PhonePurchase): Promise<JourneyRow> {
  const { sandbox } = init;
  const household = await sandbox.household('SLE4442', { account: true });
  const { customerNo, meterNo } = household;
  const before = await sandbox.account(customerNo);
  const paidBefore = await sandbox.sales(meterNo);

  const { orderNo, ms } = await buyByPhone(customerNo, init);

  const after = await sandbox.account(customerNo);
  const paidAfter = await sandbox.sales(meterNo);
  await sandbox.payAgain(orderNo);
  const again = await sandbox.account(customerNo);
  if (after.supply !== 'on') throw new Error('The account is in credit, and its meter is switched off.');
  return {
    ...phoneRow('account', init),
    meterBeforeFen: before.balanceFen,
    meterAfterFen: after.balanceFen,
    // An account has no count: payments in the grid's book stand for it.
    countBefore: paidBefore.length,
    countAfter: paidAfter.length,
    secondInsertionFen: again.balanceFen - after.balanceFen,
    ms,
  };
}
