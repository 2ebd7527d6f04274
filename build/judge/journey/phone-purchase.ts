import type { Channel } from '@bianmin/purchase/api/channels';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import { credited } from './credited.ts';
import { payOnPage } from './page-phone.ts';
import { Phone } from './phone.ts';
import type { JourneyRow } from './purchase.ts';

export interface PhonePurchase {
  readonly webUrl: string;
  readonly sandbox: SandboxClient;
  readonly amountFen: number;
  readonly channel: Channel;
}

/**
 * A phone binds a household by the code that its registered phone gets, buys, pays on the order's page, and waits until it is
 * credited. `ms`: from the order on.
 */
export async function buyByPhone(
  customerNo: string,
  { webUrl, sandbox, amountFen, channel }: PhonePurchase,
): Promise<{ readonly orderNo: string; readonly ms: number }> {
  const phone = await Phone.begin({ webUrl });
  const bindingId = await phone.bind(customerNo, (number) => sandbox.textedCode(number));
  const from = performance.now();
  const { orderNo, pay } = await phone.order(bindingId, amountFen);
  if (pay === null) throw new Error(`Order ${orderNo} has no page to pay it on.`);
  await payOnPage({ page: pay.url, amountFen, channel, sandbox });
  await credited(phone, orderNo);
  return { orderNo, ms: Math.round(performance.now() - from) };
}

/** What a row says of every purchase by phone. */
export function phoneRow(
  of: 'remote' | 'account',
  { amountFen, channel }: Pick<PhonePurchase, 'amountFen' | 'channel'>,
): Pick<JourneyRow, 'chip' | 'delivery' | 'utility' | 'reader' | 'amountFen' | 'apdus' | 'wallet' | 'code'> {
  return {
    ...{ chip: of, delivery: of, utility: 'electricity', reader: 'none', apdus: 0 },
    ...{ amountFen, wallet: channel, code: 'any' },
  };
}
