import { z } from 'zod';
import {
  paymentSchema,
  refundSchema,
  sumSchema,
  type PaymentSum,
  type WalletNotification,
  type WalletRefund,
} from './sandbox-answers.ts';
import { ask, get, post } from './sandbox-request.ts';

/** Payments in one piece of a long list. */
const SUMS_AT_ONCE = 20_000;

/** The sandbox's wallets, as a payer with a phone uses them, and what they took and gave back. Loopback only. */
export class SandboxWallets {
  readonly #wallet: string;

  constructor(walletUrl: string) {
    this.#wallet = walletUrl;
  }

  async pay(codeUrl: string, mode: 'once' | 'late' | 'twice' = 'once'): Promise<void> {
    await ask(this.#wallet, post('/wallet/pay', { codeUrl, mode }), z.unknown());
  }

  /** What the wallets hold of one order: money taken by every transaction, and what went back. */
  async paid(orderNo: string): Promise<{ takenFen: number; refundedFen: number }> {
    const payments = await ask(this.#wallet, get('/wallet/payments'), z.array(paymentSchema));
    const transactions = payments
      .filter(({ outTradeNo }) => outTradeNo.startsWith(orderNo))
      .flatMap((payment) => payment.transactions);
    return {
      takenFen: transactions.reduce((sum, each) => sum + each.totalFen, 0),
      refundedFen: transactions.reduce((sum, each) => sum + each.refundedFen, 0),
    };
  }

  /** The same of every order at once: sums by whatever `orderNoOf` makes of a payment's number. */
  async moneyByOrder(
    orderNoOf: (paymentNo: string) => string | undefined,
  ): Promise<Map<string, { takenFen: number; refundedFen: number }>> {
    const sums = new Map<string, { takenFen: number; refundedFen: number }>();
    for (const payment of await this.paymentSums()) {
      const orderNo = orderNoOf(payment.outTradeNo) ?? payment.outTradeNo;
      const sum = sums.get(orderNo) ?? { takenFen: 0, refundedFen: 0 };
      for (const { totalFen, refundedFen } of payment.transactions) {
        sum.takenFen += totalFen;
        sum.refundedFen += refundedFen;
      }
      sums.set(orderNo, sum);
    }
    return sums;
  }

  /** Every payment number at the wallets and its money, asked for in pieces. */
  async paymentSums(): Promise<PaymentSum[]> {
    const sums: PaymentSum[] = [];
    for (;;) {
      const path = `/wallet/sums?from=${sums.length}&limit=${SUMS_AT_ONCE}`;
      const page = await ask(this.#wallet, get(path), z.array(sumSchema));
      sums.push(...page);
      if (page.length < SUMS_AT_ONCE) return sums;
    }
  }

  /** Refunds at the wallets, newest first. */
  refunds(): Promise<WalletRefund[]> {
    return ask(this.#wallet, get('/wallet/refunds?limit=100000'), z.array(refundSchema));
  }

  /** How many payments the wallets were ever asked for, paid or not; `orderNo` absent: by all orders. */
  async paymentCount(orderNo = ''): Promise<number> {
    return (await this.#payments(orderNo)).length;
  }

  /** What the wallets told the merchant about one order's payments. */
  async notifications(orderNo: string): Promise<WalletNotification[]> {
    return (await this.#payments(orderNo)).flatMap((payment) => payment.notifications);
  }

  /** Money that was paid late arrives now. */
  async settleLate(): Promise<void> {
    await ask(this.#wallet, post('/wallet/settle-late'), z.unknown());
  }

  /** The last bytes of a notification once more; gives the merchant's status. */
  async replay(notificationId: string): Promise<number> {
    const { status } = await ask(
      this.#wallet,
      post('/wallet/replay', { id: notificationId }),
      z.object({ status: z.int() }),
    );
    return status;
  }

  /** Knobs of one wallet; WeChat's, where `fault` names no `wallet`. */
  async walletFault(fault: Readonly<Record<string, unknown>>): Promise<void> {
    await ask(this.#wallet, post('/wallet/faults', fault), z.unknown());
  }

  async #payments(orderNo: string): Promise<z.output<typeof paymentSchema>[]> {
    const path = '/wallet/payments?limit=10000';
    const payments = await ask(this.#wallet, get(path), z.array(paymentSchema));
    return payments.filter(({ outTradeNo }) => outTradeNo.startsWith(orderNo));
  }
}
