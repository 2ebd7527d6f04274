import { afterEach, beforeEach, expect } from 'vitest';
import type {
  ChannelNotification,
  ComplaintNotice,
  CreatePayment,
  PaymentEvidence,
  RefundRequest,
} from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { PaymentErrorCode } from '../../gateways/payment/error.ts';
import { codeUrlOf } from '../../gateways/payment/handle.ts';
import type { PaymentHarness } from '../payment-harness.ts';

export const MINUTE = 60_000;

/** What the parts of the suite share: a fresh harness for each test, and steps that most of them begin with. */
export interface PaymentKit {
  readonly harness: PaymentHarness;
  request(changes?: Partial<CreatePayment>): CreatePayment;
  paid(mode?: 'once' | 'twice'): Promise<CreatePayment>;
  opened(): Promise<(ChannelNotification | ComplaintNotice)[]>;
  transactionOf(paymentNo: string): Promise<string>;
  /** What it says now of a number that it does not know. */
  notFound(): PaymentEvidence;
}

/** Registers the harness's beginning and end with the tests around it. */
export function paymentKit(start: () => Promise<PaymentHarness>): PaymentKit {
  let current: PaymentHarness | undefined;
  let counter = 0;
  beforeEach(async () => {
    current = await start();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  const kit: PaymentKit = {
    get harness() {
      if (current === undefined) throw new Error('No test is running.');
      return current;
    },
    request: (changes = {}) => {
      counter += 1;
      return {
        paymentNo: `260115100000${String(counter).padStart(6, '0')}p1`,
        amountFen: 5000,
        description: '电费 50.00 元',
        expiresAt: new Date(kit.harness.now() + 5 * MINUTE),
        notifyUrl: kit.harness.notifyUrl,
        terminalId: 'kiosk-1',
        ...changes,
      };
    },
    paid: async (mode = 'once') => {
      const made = kit.request();
      const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
      await kit.harness.pay(codeUrl, mode);
      return made;
    },
    opened: async () => {
      const { channel } = kit.harness;
      const all = await kit.harness.received();
      return Promise.all(all.map(({ headers, rawBody }) => channel.parseNotification(headers, rawBody)));
    },
    transactionOf: async (paymentNo) => {
      const evidence = await kit.harness.channel.query(paymentNo);
      if (evidence.status !== 'succeeded') throw new Error(`expected a success, got ${evidence.status}`);
      return evidence.transactionId;
    },
    // A `Date` has no fractions of a second.
    notFound: () => ({ status: 'not-found', at: new Date(Math.floor(kit.harness.now() / 1000) * 1000) }),
  };
  return kit;
}

/** All of a payment back, under the first refund number. */
export function refundOf({ paymentNo, amountFen }: CreatePayment): RefundRequest {
  const refundNo = `${paymentNo}r1`;
  return { paymentNo, refundNo, refundFen: amountFen, totalFen: amountFen, reason: '重复付款退回' };
}

/** The PaymentError that this ends in; anything else fails the test. */
export async function failure(promise: Promise<unknown>): Promise<PaymentError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PaymentError)) {
    throw new Error('expected a PaymentError', error === undefined ? undefined : { cause: error });
  }
  return error;
}

export async function fails(promise: Promise<unknown>, code: PaymentErrorCode): Promise<void> {
  const error = await failure(promise);
  expect(error.code, JSON.stringify(error.context)).toBe(code);
}
