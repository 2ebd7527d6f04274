import type { Channel } from '@bianmin/shared/api/channels';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { credited } from './credited.ts';
import { payOnPage } from './page-phone.ts';
import { Phone } from './phone.ts';
import type { JourneyRow } from './purchase.ts';

/**
 * One whole purchase without a card: a phone binds a fresh household by the code that its registered phone gets,
 * buys, pays on the order's page, and the meter is credited from afar. Then the recorded frame is handed to the meter once more.
 */
export async function runRemoteJourney(init: {
  webUrl: string;
  sandbox: SandboxClient;
  amountFen: number;
  channel: Channel;
}): Promise<JourneyRow> {
  const { webUrl, sandbox, amountFen, channel } = init;
  const [household] = await sandbox.households(1, 'SLE4442');
  if (household === undefined) throw new Error('The sandbox made no household.');
  const { customerNo, meterNo } = household;
  const before = await sandbox.meter(meterNo);

  const phone = await Phone.begin({ webUrl });
  const bindingId = await phone.bind(customerNo, (number) => sandbox.textedCode(number));
  const from = performance.now();
  const { orderNo, pay } = await phone.order(bindingId, amountFen);
  if (pay === null) throw new Error(`Order ${orderNo} has no page to pay it on.`);
  await payOnPage({ page: pay.url, amountFen, channel, sandbox });
  await credited(phone, orderNo);
  const ms = Math.round(performance.now() - from);

  const after = await sandbox.meter(meterNo);
  const frame = await sandbox.lastFrame(meterNo);
  const again = await sandbox.handFrame(meterNo, frame);
  return {
    ...{ chip: 'remote', delivery: 'remote', utility: 'electricity', reader: 'none' },
    amountFen,
    meterBeforeFen: before.balanceFen,
    meterAfterFen: after.balanceFen,
    countBefore: before.count,
    countAfter: after.count,
    secondInsertionFen: again.creditedFen,
    apdus: 0,
    ms,
    wallet: channel,
    code: 'any',
  };
}
