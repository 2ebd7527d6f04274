import type { Channel } from '@bianmin/shared/api/channels';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { credited } from './credited.ts';
import { payOnPage } from './page-phone.ts';
import { Phone } from './phone.ts';
import type { JourneyRow } from './purchase.ts';

/**
 * One whole purchase into an account that the grid keeps: a phone binds a household that never had a card, buys and pays. The
 * grid's account is asked; then the very payment that our server sent is given to the grid once more.
 */
export async function runAccountJourney(init: {
  webUrl: string;
  sandbox: SandboxClient;
  amountFen: number;
  channel: Channel;
}): Promise<JourneyRow> {
  const { webUrl, sandbox, amountFen, channel } = init;
  const [household] = await sandbox.households(1, 'SLE4442', { account: true });
  if (household === undefined) throw new Error('The sandbox made no household.');
  const { customerNo, meterNo } = household;
  const before = await sandbox.account(customerNo);
  const paidBefore = await sandbox.sales(meterNo);

  const phone = await Phone.begin({ webUrl });
  const bindingId = await phone.bind(customerNo, (number) => sandbox.textedCode(number));
  const from = performance.now();
  const { orderNo, pay } = await phone.order(bindingId, amountFen);
  if (pay === null) throw new Error(`Order ${orderNo} has no page to pay it on.`);
  await payOnPage({ page: pay.url, amountFen, channel, sandbox });
  await credited(phone, orderNo);
  const ms = Math.round(performance.now() - from);

  const after = await sandbox.account(customerNo);
  const paidAfter = await sandbox.sales(meterNo);
  await sandbox.payAgain(orderNo);
  const again = await sandbox.account(customerNo);
  if (after.supply !== 'on') throw new Error('The account is in credit, and its meter is switched off.');
  return {
    ...{ chip: 'account', delivery: 'account', utility: 'electricity', reader: 'none' },
    amountFen,
    meterBeforeFen: before.balanceFen,
    meterAfterFen: after.balanceFen,
    // An account has no count: payments in the grid's book stand for it.
    countBefore: paidBefore.length,
    countAfter: paidAfter.length,
    secondInsertionFen: again.balanceFen - after.balanceFen,
    apdus: 0,
    ms,
    wallet: channel,
    code: 'any',
  };
}
