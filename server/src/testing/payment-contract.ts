import { expect, describe, it } from 'vitest';
import { codeUrlOf } from '../gateways/payment/handle.ts';
import { bills, noBills } from './payment-contract-bills.ts';
import { failingCalls } from './payment-contract-calls.ts';
import { notifications } from './payment-contract-notifications.ts';
import { products } from './payment-contract-products.ts';
import { TYPICAL } from './payment-harness.ts';
import type { ChannelNature, PaymentHarness } from './payment-harness.ts';
import { MINUTE, fails, failure, paymentKit, refundOf } from './payment-kit.ts';

/** The suite that each payment channel's adapter passes. */
export function paymentContract(
  name: string,
  start: () => Promise<PaymentHarness>,
  nature: ChannelNature = TYPICAL,
): void {
  describe(`${name} keeps the payment channel's contract`, () => {
    paymentsAndRefunds(start, nature);
    failingCalls(start, nature);
    notifications(start, nature);
    products(start, nature);
    (nature.bills ? bills : noBills)(start);
  });
}

function paymentsAndRefunds(start: () => Promise<PaymentHarness>, nature: ChannelNature): void {
  describe('payments and refunds', () => {
    const kit = paymentKit(start);

    describe('a payment', () => {
      it('is pending until it is paid, then succeeded with amount and time', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual(
          nature.knownBeforeScan ? { status: 'pending' } : kit.notFound(),
        );
        await kit.harness.scan(codeUrl);
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'pending' });
        await kit.harness.pay(codeUrl);
        const evidence = await kit.harness.channel.query(made.paymentNo);
        expect(evidence).toMatchObject({ status: 'succeeded', amountFen: 5000 });
        expect(evidence.status === 'succeeded' && evidence.paidAt.getTime()).toBe(
          Math.floor(kit.harness.now() / 1000) * 1000,
        );
      });

      it('gives another code when asked again with the same content', async () => {
        const made = kit.request();
        const first = codeUrlOf(await kit.harness.channel.create(made));
        const second = codeUrlOf(await kit.harness.channel.create(made));
        expect(second).not.toBe(first);
        await expect(kit.harness.pay(first)).rejects.toThrow();
        await kit.harness.pay(second);
        expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it('refuses other content under the same number', async () => {
        const made = kit.request();
        await kit.harness.scan(codeUrlOf(await kit.harness.channel.create(made)));
        await fails(kit.harness.channel.create({ ...made, amountFen: 6000 }), 'payment.refused');
      });

      it('takes a description of any length', async () => {
        await kit.harness.channel.create(kit.request({ description: '电'.repeat(126) + '😀'.repeat(20) }));
      });

      it('is not found before it was made', async () => {
        expect(await kit.harness.channel.query('260115100000999999p1')).toEqual(kit.notFound());
      });

      it('is closed by the channel when its code has expired', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await kit.harness.scan(codeUrl);
        await kit.harness.advance(5 * MINUTE);
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'closed' });
      });
    });

    describe.runIf(!nature.knownBeforeScan)('a payment that nobody scanned', () => {
      it('is not found, cannot be closed, and cannot be paid once it has expired', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await fails(kit.harness.channel.close(made.paymentNo), 'payment.refused');
        await kit.harness.advance(5 * MINUTE);
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual(kit.notFound());
      });
    });

    describe('closing', () => {
      it('ends an unpaid payment, and says the same when asked again', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await kit.harness.scan(codeUrl);
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('closed');
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('closed');
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.harness.channel.query(made.paymentNo)).toEqual({ status: 'closed' });
      });

      it('leaves a paid payment as it is', async () => {
        const made = await kit.paid();
        expect(await kit.harness.channel.close(made.paymentNo)).toBe('paid');
        expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it('is refused for a number that the channel does not know', async () => {
        await fails(kit.harness.channel.close('260115100000999999p1'), 'payment.refused');
      });
    });

    describe('a refund', () => {
      it('is done at the latest when its time has come; the same number again gives nothing more', async () => {
        const made = await kit.paid();
        const refund = refundOf(made);
        expect(await kit.harness.channel.refund(refund)).toEqual({
          status: nature.refunds === 'later' ? 'sent' : 'done',
          refundFen: 5000,
        });
        await kit.harness.received();
        expect(await kit.harness.channel.refund(refund)).toEqual({ status: 'done', refundFen: 5000 });
        expect(await kit.harness.channel.queryRefund(refund.refundNo, refund.paymentNo)).toEqual({
          status: 'done',
          refundFen: 5000,
        });
        await fails(
          kit.harness.channel.refund({ ...refund, refundNo: `${made.paymentNo}r2` }),
          'payment.refused',
        );
        expect(await kit.harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
      });

      it.each(nature.refundOutcomes)('notifies that it is %s', async (outcome) => {
        const made = await kit.paid();
        kit.harness.refundsBecome(outcome);
        const refundNo = `${made.paymentNo}r1`;
        await kit.harness.channel.refund({
          paymentNo: made.paymentNo,
          refundNo,
          refundFen: 1200,
          totalFen: 5000,
          reason: '用户要求',
        });
        const notices = await kit.opened();
        expect(notices.at(-1)).toMatchObject({ kind: 'refund', refundNo, status: outcome });
        expect(await kit.harness.channel.queryRefund(refundNo, made.paymentNo)).toEqual({
          status: outcome,
          refundFen: 1200,
        });
      });

      it.runIf(nature.takesTwice)('gives back the second of two transactions on one payment', async () => {
        const made = await kit.paid('twice');
        const notices = await kit.opened();
        const transactions = notices.map((each) => (each.kind === 'payment' ? each.transactionId : ''));
        expect(new Set(transactions).size).toBe(2);
        const funding = await kit.transactionOf(made.paymentNo);
        const extra = transactions.find((each) => each !== funding) ?? '';
        const refund = { paymentNo: made.paymentNo, refundFen: 5000, totalFen: 5000, reason: '重复付款退回' };
        await kit.harness.channel.refund({
          ...refund,
          refundNo: `${made.paymentNo}r1`,
          transactionId: extra,
        });
        await kit.harness.received();
        expect(await kit.harness.channel.queryRefund(`${made.paymentNo}r1`, made.paymentNo)).toMatchObject({
          status: 'done',
        });
        // The first one is untouched: all of it can still be given back.
        await kit.harness.channel.refund({
          ...refund,
          refundNo: `${made.paymentNo}r2`,
          transactionId: funding,
        });
      });

      it.skipIf(nature.takesTwice)('is never owed for a second phone, which cannot pay', async () => {
        const made = kit.request();
        const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
        await expect(kit.harness.pay(codeUrl, 'twice')).rejects.toThrow();
        await expect(kit.harness.pay(codeUrl)).rejects.toThrow();
        expect(await kit.opened()).toHaveLength(1);
      });

      it('is refused beyond what was paid, for the unpaid and for the unknown', async () => {
        const made = await kit.paid();
        const refund = { paymentNo: made.paymentNo, totalFen: 5000, reason: '用户要求' };
        await kit.harness.channel.refund({ ...refund, refundNo: `${made.paymentNo}r1`, refundFen: 3000 });
        await fails(
          kit.harness.channel.refund({ ...refund, refundNo: `${made.paymentNo}r2`, refundFen: 2001 }),
          'payment.refused',
        );
        const unpaid = kit.request();
        await kit.harness.channel.create(unpaid);
        await fails(
          kit.harness.channel.refund({
            ...refund,
            paymentNo: unpaid.paymentNo,
            refundNo: 'unpaid0001r1',
            refundFen: 1,
          }),
          'payment.refused',
        );
        expect(await kit.harness.channel.queryRefund('unpaid0001r1', 'unpaid0001')).toEqual({
          status: 'not-found',
        });
      });
    });

    it('never names a secret or a code in an error', async () => {
      const made = kit.request();
      const codeUrl = codeUrlOf(await kit.harness.channel.create(made));
      await kit.harness.scan(codeUrl);
      const error = await failure(kit.harness.channel.create({ ...made, amountFen: 1 }));
      const told = JSON.stringify({ message: error.message, context: error.context });
      expect(told).not.toContain(codeUrl);
      expect(told).not.toContain(made.notifyUrl);
      expect(told).not.toMatch(/WECHATPAY2|BEGIN|signature=/);
    });
  });
}
