import { expect } from 'vitest';
import type { CreatePayment, PaymentHandle } from '../../gateways/payment/contract.ts';
import type { PaymentHarness } from '../payment-harness.ts';
import type { PaymentKit } from './kit.ts';

/** The page to which a wallet sends its payer back. */
export const RETURN = 'https://example.com/p/token';

/** Pays by what the payer's phone got, and expects that the channel tells of it. */
export async function pays(kit: PaymentKit, made: CreatePayment, handle: PaymentHandle): Promise<void> {
  await kit.harness.pay(await kit.harness.phone.codeOf(handle));
  expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({
    status: 'succeeded',
    amountFen: made.amountFen,
  });
  expect(await kit.opened()).toMatchObject([{ kind: 'payment', paymentNo: made.paymentNo }]);
}

/** The payer whom the wallet names after a consent; empty where it names none. */
export async function payerWhoConsents(harness: PaymentHarness): Promise<string> {
  const { payerIdentity } = harness.channel;
  const { code } = await harness.phone.consent(payerIdentity?.consentUrl(RETURN, 'state1') ?? '');
  return (await payerIdentity?.payerOf(code)) ?? '';
}
