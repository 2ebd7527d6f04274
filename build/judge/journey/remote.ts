import { buyByPhone, phoneRow, type PhonePurchase } from './phone-purchase.ts';
import type { JourneyRow } from './purchase.ts';

/**
 * One whole purchase without a card: a phone binds a fresh household by the code that its registered phone gets,
 * buys, pays on the order's page, and the meter is credited from afar. Then the recorded frame is handed to the meter once more.
 */
export async function runRemoteJourney(init: PhonePurchase): Promise<JourneyRow> {
  const { sandbox } = init;
  const household = await sandbox.household('SLE4442');
  const { customerNo, meterNo } = household;
  const before = await sandbox.meter(meterNo);

  const { ms } = await buyByPhone(customerNo, init);

  const after = await sandbox.meter(meterNo);
  const frame = await sandbox.lastFrame(meterNo);
  const again = await sandbox.handFrame(meterNo, frame);
  return {
    ...phoneRow('remote', init),
    meterBeforeFen: before.balanceFen,
    meterAfterFen: after.balanceFen,
    countBefore: before.count,
    countAfter: after.count,
    secondInsertionFen: again.creditedFen,
    ms,
  };
}
