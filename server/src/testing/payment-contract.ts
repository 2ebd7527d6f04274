import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelNotification, CreatePayment, PaymentChannel } from '../payment/contract.ts';
import { PaymentError } from '../payment/error.ts';
import type { PaymentErrorCode } from '../payment/error.ts';

export type Operation = 'create' | 'query' | 'close' | 'refund' | 'query-refund';

/** How the channel's side of a call fails. `after`: what was asked has been done. */
export type CallFault =
  | 'timeout-before'
  | 'timeout-after'
  | 'reset-before'
  | 'reset-after'
  | 'error-before'
  | 'error-after'
  | 'busy'
  | 'bad-signature'
  | 'unsigned'
  | 'unknown-key'
  | 'old-clock'
  | 'other-payment';

/** What is wrong with the next notification. */
export type NotificationFault =
  | 'bad-signature'
  | 'tampered'
  | 'unknown-key'
  | 'probe'
  | 'stale'
  | 'other-secret'
  | 'wrong-amount'
  | 'foreign-merchant'
  | 'foreign-app'
  | 'foreign-currency';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
}

/** An adapter, the channel's other side, and an endpoint that keeps what the channel notifies. */
export interface PaymentHarness {
  readonly channel: PaymentChannel;
  readonly notifyUrl: string;
  now(): number;
  /** Moves the time of both sides. */
  advance(ms: number): Promise<void>;
  /** A payer pays a code: once, or twice with two phones. */
  pay(codeUrl: string, mode?: 'once' | 'twice'): Promise<void>;
  /** The next call of this kind fails so. */
  fail(operation: Operation, fault: CallFault): void;
  /** The next notification is wrong so. */
  spoil(fault: NotificationFault): void;
  /** The channel signs with its other key from now on. */
  rotateKey(): void;
  /** What the next refunds become. */
  refundsBecome(outcome: 'done' | 'abnormal' | 'closed'): void;
  /** Everything that was notified so far, in the order of arrival. */
  received(): Promise<readonly Received[]>;
  /** An adapter for an address where nobody listens. */
  unreachable(): Promise<PaymentChannel>;
  close(): Promise<void>;
}

const MINUTE = 60_000;

/** The suite that each payment channel's adapter passes. */
export function paymentContract(name: string, start: () => Promise<PaymentHarness>): void {
  describe(`${name} keeps the payment channel's contract`, () => {
    let harness: PaymentHarness;
    let channel: PaymentChannel;
    let counter = 0;

    beforeEach(async () => {
      harness = await start();
      ({ channel } = harness);
    });
    afterEach(() => harness.close());

    function request(changes: Partial<CreatePayment> = {}): CreatePayment {
      counter += 1;
      return {
        paymentNo: `260115100000${String(counter).padStart(6, '0')}p1`,
        amountFen: 5000,
        description: '电费 50.00 元',
        expiresAt: new Date(harness.now() + 5 * MINUTE),
        notifyUrl: harness.notifyUrl,
        terminalId: 'kiosk-1',
        ...changes,
      };
    }

    async function paid(mode: 'once' | 'twice' = 'once'): Promise<CreatePayment> {
      const made = request();
      const { codeUrl } = await channel.create(made);
      await harness.pay(codeUrl, mode);
      return made;
    }

    async function opened(): Promise<ChannelNotification[]> {
      const all = await harness.received();
      return Promise.all(all.map(({ headers, rawBody }) => channel.parseNotification(headers, rawBody)));
    }

    async function transactionOf(paymentNo: string): Promise<string> {
      const evidence = await channel.query(paymentNo);
      if (evidence.status !== 'succeeded') throw new Error(`expected a success, got ${evidence.status}`);
      return evidence.transactionId;
    }

    describe('a payment', () => {
      it('is pending until it is paid, then succeeded with amount and time', async () => {
        const made = request();
        const { codeUrl } = await channel.create(made);
        expect(await channel.query(made.paymentNo)).toEqual({ status: 'pending' });
        await harness.pay(codeUrl);
        const evidence = await channel.query(made.paymentNo);
        expect(evidence).toMatchObject({ status: 'succeeded', amountFen: 5000 });
        expect(evidence.status === 'succeeded' && evidence.paidAt.getTime()).toBe(
          Math.floor(harness.now() / 1000) * 1000,
        );
      });

      it('gives another code when asked again with the same content', async () => {
        const made = request();
        const first = await channel.create(made);
        const second = await channel.create(made);
        expect(second.codeUrl).not.toBe(first.codeUrl);
        await expect(harness.pay(first.codeUrl)).rejects.toThrow();
        await harness.pay(second.codeUrl);
        expect(await channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it('refuses other content under the same number', async () => {
        const made = request();
        await channel.create(made);
        await fails(channel.create({ ...made, amountFen: 6000 }), 'payment.refused');
      });

      it('takes a description of any length', async () => {
        await channel.create(request({ description: '电'.repeat(126) + '😀'.repeat(20) }));
      });

      it('is not found before it was made', async () => {
        expect(await channel.query('260115100000999999p1')).toEqual({ status: 'not-found' });
      });

      it('is closed by the channel when its code has expired', async () => {
        const made = request();
        const { codeUrl } = await channel.create(made);
        await harness.advance(5 * MINUTE);
        await expect(harness.pay(codeUrl)).rejects.toThrow();
        expect(await channel.query(made.paymentNo)).toEqual({ status: 'closed' });
      });
    });

    describe('closing', () => {
      it('ends an unpaid payment, and says the same when asked again', async () => {
        const made = request();
        const { codeUrl } = await channel.create(made);
        expect(await channel.close(made.paymentNo)).toBe('closed');
        expect(await channel.close(made.paymentNo)).toBe('closed');
        await expect(harness.pay(codeUrl)).rejects.toThrow();
        expect(await channel.query(made.paymentNo)).toEqual({ status: 'closed' });
      });

      it('leaves a paid payment as it is', async () => {
        const made = await paid();
        expect(await channel.close(made.paymentNo)).toBe('paid');
        expect(await channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it('is refused for a number that the channel does not know', async () => {
        await fails(channel.close('260115100000999999p1'), 'payment.refused');
      });
    });

    describe('a refund', () => {
      it('is sent, then done; the same number again gives nothing more', async () => {
        const made = await paid();
        const refund = {
          paymentNo: made.paymentNo,
          refundNo: `${made.paymentNo}r1`,
          refundFen: 5000,
          totalFen: 5000,
          reason: '重复付款退回',
        };
        expect(await channel.refund(refund)).toEqual({ status: 'sent', refundFen: 5000 });
        await harness.received();
        expect(await channel.refund(refund)).toEqual({ status: 'done', refundFen: 5000 });
        expect(await channel.queryRefund(refund.refundNo)).toEqual({ status: 'done', refundFen: 5000 });
        await fails(channel.refund({ ...refund, refundNo: `${made.paymentNo}r2` }), 'payment.refused');
        expect(await channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it.each(['done', 'abnormal', 'closed'] as const)('notifies that it is %s', async (outcome) => {
        const made = await paid();
        harness.refundsBecome(outcome);
        const refundNo = `${made.paymentNo}r1`;
        await channel.refund({
          paymentNo: made.paymentNo,
          refundNo,
          refundFen: 1200,
          totalFen: 5000,
          reason: '用户要求',
        });
        const notices = await opened();
        expect(notices.at(-1)).toMatchObject({ kind: 'refund', refundNo, status: outcome });
        expect(await channel.queryRefund(refundNo)).toEqual({ status: outcome, refundFen: 1200 });
      });

      it('gives back the second of two transactions on one payment', async () => {
        const made = await paid('twice');
        const notices = await opened();
        const transactions = notices.map((each) => (each.kind === 'payment' ? each.transactionId : ''));
        expect(new Set(transactions).size).toBe(2);
        const funding = await transactionOf(made.paymentNo);
        const extra = transactions.find((each) => each !== funding) ?? '';
        const refund = { paymentNo: made.paymentNo, refundFen: 5000, totalFen: 5000, reason: '重复付款退回' };
        await channel.refund({ ...refund, refundNo: `${made.paymentNo}r1`, transactionId: extra });
        await harness.received();
        expect(await channel.queryRefund(`${made.paymentNo}r1`)).toMatchObject({ status: 'done' });
        // The first one is untouched: all of it can still be given back.
        await channel.refund({ ...refund, refundNo: `${made.paymentNo}r2`, transactionId: funding });
      });

      it('is refused beyond what was paid, for the unpaid and for the unknown', async () => {
        const made = await paid();
        const refund = { paymentNo: made.paymentNo, totalFen: 5000, reason: '用户要求' };
        await channel.refund({ ...refund, refundNo: `${made.paymentNo}r1`, refundFen: 3000 });
        await fails(
          channel.refund({ ...refund, refundNo: `${made.paymentNo}r2`, refundFen: 2001 }),
          'payment.refused',
        );
        const unpaid = request();
        await channel.create(unpaid);
        await fails(
          channel.refund({ ...refund, paymentNo: unpaid.paymentNo, refundNo: 'unpaid0001r1', refundFen: 1 }),
          'payment.refused',
        );
        expect(await channel.queryRefund('unpaid0001r1')).toEqual({ status: 'not-found' });
      });
    });

    describe('a call that goes wrong', () => {
      const unproven: CallFault[] = [
        'timeout-before',
        'timeout-after',
        'reset-before',
        'reset-after',
        'error-before',
        'error-after',
        'bad-signature',
        'unsigned',
        'unknown-key',
        'old-clock',
      ];

      it.each(unproven)(
        'create, %s: unknown; asking again under the same number settles it',
        async (fault) => {
          const made = request();
          harness.fail('create', fault);
          await fails(channel.create(made), 'payment.unknown');
          const done = fault.endsWith('-before') ? 'not-found' : 'pending';
          expect(await channel.query(made.paymentNo)).toEqual({ status: done });
          const { codeUrl } = await channel.create(made);
          await harness.pay(codeUrl);
          expect(await channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
        },
      );

      it.each(unproven)('refund, %s: unknown; the same number pays once', async (fault) => {
        const made = await paid();
        const refund = {
          paymentNo: made.paymentNo,
          refundNo: `${made.paymentNo}r1`,
          refundFen: 5000,
          totalFen: 5000,
          reason: '重复付款退回',
        };
        harness.fail('refund', fault);
        await fails(channel.refund(refund), 'payment.unknown');
        expect((await channel.queryRefund(refund.refundNo)).status).toBe(
          fault.endsWith('-before') ? 'not-found' : 'done',
        );
        await channel.refund(refund);
        await harness.received();
        expect(await channel.queryRefund(refund.refundNo)).toEqual({ status: 'done', refundFen: 5000 });
        await fails(
          channel.refund({ ...refund, refundNo: `${made.paymentNo}r2`, refundFen: 1 }),
          'payment.refused',
        );
      });

      it.each(['query', 'close', 'query-refund'] as const)('%s, timeout: unknown', async (operation) => {
        const made = await paid();
        harness.fail(operation, 'timeout-before');
        const call = {
          query: () => channel.query(made.paymentNo),
          close: () => channel.close(made.paymentNo),
          'query-refund': () => channel.queryRefund(`${made.paymentNo}r1`),
        }[operation];
        await fails(call(), 'payment.unknown');
      });

      it('query, signed but about another payment: mismatch', async () => {
        const made = await paid();
        harness.fail('query', 'other-payment');
        await fails(channel.query(made.paymentNo), 'payment.mismatch');
      });

      it('refund, signed but about another refund: mismatch', async () => {
        const made = await paid();
        harness.fail('refund', 'other-payment');
        await fails(
          channel.refund({
            paymentNo: made.paymentNo,
            refundNo: `${made.paymentNo}r1`,
            refundFen: 1,
            totalFen: 5000,
            reason: '用户要求',
          }),
          'payment.mismatch',
        );
      });

      it('busy: unavailable, for nothing was done', async () => {
        const made = request();
        harness.fail('create', 'busy');
        await fails(channel.create(made), 'payment.unavailable');
        expect(await channel.query(made.paymentNo)).toEqual({ status: 'not-found' });
      });

      it('nobody listens: unavailable', async () => {
        const nowhere = await harness.unreachable();
        await fails(nowhere.create(request()), 'payment.unavailable');
        await fails(nowhere.query('260115100000999999p1'), 'payment.unavailable');
      });
    });

    describe('a notification', () => {
      it('tells of the payment what the query tells', async () => {
        const made = await paid();
        const notices = await opened();
        expect(notices).toHaveLength(1);
        const evidence = await channel.query(made.paymentNo);
        const { status: _status, ...facts } = evidence as Extract<typeof evidence, { status: 'succeeded' }>;
        expect(notices[0]).toEqual({
          kind: 'payment',
          id: expect.any(String) as string,
          paymentNo: made.paymentNo,
          ...facts,
        });
      });

      it.each(['bad-signature', 'tampered', 'unknown-key', 'probe', 'stale', 'other-secret'] as const)(
        '%s: refused as not signed',
        async (fault) => {
          harness.spoil(fault);
          await paid();
          await fails(opened(), 'payment.bad-signature');
        },
      );

      it.each(['foreign-merchant', 'foreign-app', 'foreign-currency'] as const)(
        '%s: refused as not ours',
        async (fault) => {
          harness.spoil(fault);
          await paid();
          await fails(opened(), 'payment.mismatch');
        },
      );

      it('with another amount is told as it is: the order compares', async () => {
        harness.spoil('wrong-amount');
        await paid();
        expect(await opened()).toMatchObject([{ kind: 'payment', amountFen: 4999 }]);
      });

      it('replayed keeps its id, so that it counts once; after five minutes it is refused', async () => {
        await paid();
        const [first] = await harness.received();
        if (first === undefined) throw new Error('nothing was notified');
        const open = (): Promise<ChannelNotification> =>
          channel.parseNotification(first.headers, first.rawBody);
        expect((await open()).id).toBe((await open()).id);
        await harness.advance(5 * MINUTE - 1000);
        await open();
        await harness.advance(3_000);
        await fails(open(), 'payment.bad-signature');
      });

      it('signed by the channel’s other key is opened as well', async () => {
        harness.rotateKey();
        const made = await paid();
        expect(await opened()).toMatchObject([{ kind: 'payment', paymentNo: made.paymentNo }]);
      });

      it('without a header, with two, with an empty or foreign body: refused', async () => {
        await paid();
        const [first] = await harness.received();
        if (first === undefined) throw new Error('nothing was notified');
        const { headers, rawBody } = first;
        const signed = Object.keys(headers).filter((each) => /signature$|serial|nonce|timestamp/.test(each));
        expect(signed.length).toBeGreaterThan(0);
        for (const each of signed) {
          await fails(
            channel.parseNotification({ ...headers, [each]: undefined }, rawBody),
            'payment.bad-signature',
          );
          const twice = { ...headers, [each]: [String(headers[each]), String(headers[each])] };
          await fails(
            channel.parseNotification(twice as unknown as IncomingHttpHeaders, rawBody),
            'payment.bad-signature',
          );
        }
        for (const body of ['', '{}', 'null', `${rawBody.toString()} `]) {
          await fails(channel.parseNotification(headers, Buffer.from(body)), 'payment.bad-signature');
        }
      });
    });

    it('never names a secret or a code in an error', async () => {
      const made = request();
      const { codeUrl } = await channel.create(made);
      const error = await failure(channel.create({ ...made, amountFen: 1 }));
      const told = JSON.stringify({ message: error.message, context: error.context });
      expect(told).not.toContain(codeUrl);
      expect(told).not.toContain(made.notifyUrl);
      expect(told).not.toMatch(/WECHATPAY2|BEGIN|signature=/);
    });
  });
}

async function failure(promise: Promise<unknown>): Promise<PaymentError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof PaymentError)) {
    throw new Error('expected a PaymentError', error === undefined ? undefined : { cause: error });
  }
  return error;
}

async function fails(promise: Promise<unknown>, code: PaymentErrorCode): Promise<void> {
  const error = await failure(promise);
  expect(error.code, JSON.stringify(error.context)).toBe(code);
}
