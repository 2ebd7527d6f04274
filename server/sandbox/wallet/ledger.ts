import { randomBytes, randomInt } from 'node:crypto';
import { CODE_LIFE_MS, MAX_REFUNDS, ORDER_LIFE_MS, REFUND_LIFE_MS, WalletRefusal } from './constants.ts';
import type { LedgerState, Refund, Trade, TradeState, Transaction } from './model.ts';
import type { NativeRequest, RefundRequestBody } from './requests.ts';
import { chinaTime } from './time.ts';

/** Why a payer cannot pay a code. */
export type CannotPay = 'unknown-code' | 'dead-code' | 'expired' | 'closed' | 'already-paid';

export class CannotPayError extends Error {
  readonly reason: CannotPay;

  constructor(reason: CannotPay) {
    super(`This code cannot be paid: ${reason}.`);
    this.name = 'CannotPayError';
    this.reason = reason;
  }
}

export interface LedgerInit {
  readonly merchant: { readonly appid: string; readonly mchid: string };
  readonly now: () => number;
  /** Called after every change, for the snapshot. */
  readonly changed?: () => void;
  readonly state?: LedgerState;
  /** Whether a trade past its `time_expire` says CLOSED by itself; yes by default. */
  readonly closesOnExpiry?: () => boolean;
}

export interface RefundPolicy {
  readonly outcome: Refund['outcome'];
  readonly delayMs: number;
}

/** The channel's books: trades, transactions and refunds, and the rules about them. No I/O, no timer. */
export class Ledger {
  readonly #merchant: LedgerInit['merchant'];
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #trades = new Map<string, Trade>();
  readonly #codes = new Map<string, Trade>();
  readonly #refunds = new Map<string, Refund>();
  readonly #closesOnExpiry: () => boolean;

  constructor(init: LedgerInit) {
    this.#merchant = init.merchant;
    this.#now = init.now;
    this.#changed = init.changed ?? (() => undefined);
    this.#closesOnExpiry = init.closesOnExpiry ?? (() => true);
    for (const trade of init.state?.trades ?? []) {
      this.#trades.set(trade.outTradeNo, trade);
      this.#codes.set(trade.codeUrl, trade);
    }
    for (const refund of init.state?.refunds ?? []) this.#refunds.set(refund.outRefundNo, refund);
  }

  get trades(): readonly Trade[] {
    return [...this.#trades.values()];
  }

  get refunds(): readonly Refund[] {
    return [...this.#refunds.values()];
  }

  get state(): LedgerState {
    return { trades: [...this.#trades.values()], refunds: [...this.#refunds.values()] };
  }

  /** Gives a code. The same request again: a new code, the older one dies. A changed one is refused. */
  create(request: NativeRequest): Trade {
    this.checkMerchant(request.mchid, request.appid);
    const now = this.#now();
    const fingerprint = canonical(request);
    const known = this.#trades.get(request.out_trade_no);
    if (known !== undefined) {
      const state = this.stateOf(known);
      if (state === 'SUCCESS' || state === 'REFUND') throw new WalletRefusal('ORDERPAID', '该订单已支付');
      if (known.fingerprint !== fingerprint) {
        throw new WalletRefusal('OUT_TRADE_NO_USED', '商户订单号重复：请求参数与首次下单时不一致');
      }
      if (state === 'CLOSED') throw new WalletRefusal('ORDER_CLOSED', '该订单已关闭');
    }
    const expiresAt =
      request.time_expire === undefined ? now + ORDER_LIFE_MS : Date.parse(request.time_expire);
    if (expiresAt <= now) throw new WalletRefusal('INVALID_REQUEST', 'time_expire必须晚于当前时间');
    const code = {
      codeUrl: `weixin://wxpay/bizpayurl?pr=${randomBytes(7).toString('base64url')}`,
      codeAt: now,
    };
    const trade: Trade =
      known === undefined
        ? {
            outTradeNo: request.out_trade_no,
            fingerprint,
            description: request.description,
            ...(request.attach === undefined ? {} : { attach: request.attach }),
            notifyUrl: request.notify_url,
            totalFen: request.amount.total,
            ...code,
            createdAt: now,
            expiresAt,
            transactions: [],
          }
        : Object.assign(known, code);
    this.#trades.set(trade.outTradeNo, trade);
    this.#codes.set(trade.codeUrl, trade);
    this.#changed();
    return trade;
  }

  /** The trade of a number or of a transaction; `ORDER_NOT_EXIST` for neither. */
  find(key: { outTradeNo?: string | undefined; transactionId?: string | undefined }): {
    trade: Trade;
    transaction: Transaction | undefined;
  } {
    if (key.transactionId !== undefined) {
      for (const trade of this.#trades.values()) {
        const transaction = trade.transactions.find((each) => each.id === key.transactionId);
        if (transaction === undefined) continue;
        if (key.outTradeNo !== undefined && key.outTradeNo !== trade.outTradeNo) {
          throw new WalletRefusal('INVALID_REQUEST', '微信支付订单号与商户订单号不匹配');
        }
        return { trade, transaction };
      }
      throw new WalletRefusal('ORDER_NOT_EXIST', '订单不存在');
    }
    const trade = this.#trades.get(key.outTradeNo ?? '');
    if (trade === undefined) throw new WalletRefusal('ORDER_NOT_EXIST', '订单不存在');
    return { trade, transaction: trade.transactions[0] };
  }

  tradeOfCode(codeUrl: string): Trade | undefined {
    return this.#codes.get(codeUrl);
  }

  /** As a query by number sees it (the first transaction), or by `transaction`. */
  stateOf(trade: Trade, transaction: Transaction | undefined = trade.transactions[0]): TradeState {
    if (transaction !== undefined) {
      const refunded = this.refunds.some(
        (each) => each.transactionId === transaction.id && each.status !== 'CLOSED',
      );
      return refunded ? 'REFUND' : 'SUCCESS';
    }
    if (trade.closedAt !== undefined) return 'CLOSED';
    return this.#closesOnExpiry() && this.#now() >= trade.expiresAt ? 'CLOSED' : 'NOTPAY';
  }

  /** Ends an unpaid trade. */
  close(outTradeNo: string, mchid: string): void {
    this.checkMerchant(mchid);
    const { trade } = this.find({ outTradeNo });
    const state = this.stateOf(trade);
    if (state === 'SUCCESS' || state === 'REFUND')
      throw new WalletRefusal('ORDERPAID', '该订单已支付，不能关单');
    if (trade.closedAt !== undefined) throw new WalletRefusal('ORDER_CLOSED', '该订单已关闭');
    trade.closedAt = this.#now();
    this.#changed();
  }

  /** Throws `CannotPayError` unless this code can be paid now. */
  payable(codeUrl: string): Trade {
    const trade = this.#codes.get(codeUrl);
    if (trade === undefined) throw new CannotPayError('unknown-code');
    const now = this.#now();
    if (trade.transactions.length > 0) throw new CannotPayError('already-paid');
    if (trade.closedAt !== undefined) throw new CannotPayError('closed');
    if (now >= trade.expiresAt) throw new CannotPayError('expired');
    if (trade.codeUrl !== codeUrl || now >= trade.codeAt + CODE_LIFE_MS)
      throw new CannotPayError('dead-code');
    return trade;
  }

  isPayable(codeUrl: string): boolean {
    try {
      this.payable(codeUrl);
      return true;
    } catch {
      return false;
    }
  }

  /** Books a success, without asking whether it should be: `payable` did, or this is a fault. */
  book(trade: Trade): Transaction {
    const now = this.#now();
    const transaction: Transaction = {
      id: `42${chinaTime(now).replace(/\D/g, '').slice(0, 8)}${digits(18)}`,
      paidAt: now,
      openid: `o${randomBytes(20).toString('base64url').slice(0, 27)}`,
      totalFen: trade.totalFen,
    };
    trade.transactions.push(transaction);
    this.#changed();
    return transaction;
  }

  /** A payer confirms now, the money comes at `at`. */
  bookLater(trade: Trade, at: number): void {
    trade.lateAt = at;
    this.#changed();
  }

  /** The late money is here. */
  bookLate(trade: Trade): Transaction {
    delete trade.lateAt;
    return this.book(trade);
  }

  /** Gives money back. The same number again: the same refund, nothing more. */
  refund(request: RefundRequestBody, policy: RefundPolicy): { refund: Refund; fresh: boolean } {
    const fingerprint = canonical(request);
    const known = this.#refunds.get(request.out_refund_no);
    if (known !== undefined) {
      if (known.fingerprint !== fingerprint) {
        throw new WalletRefusal('INVALID_REQUEST', '商户退款单号重复：请求参数与首次申请时不一致');
      }
      return { refund: known, fresh: false };
    }
    const { trade, transaction } = this.#refundable(request);
    const now = this.#now();
    const refund: Refund = {
      id: `50${chinaTime(now).replace(/\D/g, '').slice(0, 8)}${digits(18)}`,
      outRefundNo: request.out_refund_no,
      fingerprint,
      outTradeNo: trade.outTradeNo,
      transactionId: transaction.id,
      refundFen: request.amount.refund,
      totalFen: request.amount.total,
      ...(request.reason === undefined ? {} : { reason: request.reason }),
      // A real merchant sets the fallback in the platform's console.
      notifyUrl: request.notify_url ?? trade.notifyUrl,
      status: 'PROCESSING',
      outcome: policy.outcome,
      settlesAt: now + policy.delayMs,
      createdAt: now,
    };
    this.#refunds.set(refund.outRefundNo, refund);
    this.#changed();
    return { refund, fresh: true };
  }

  findRefund(outRefundNo: string): Refund {
    const refund = this.#refunds.get(outRefundNo);
    if (refund === undefined) throw new WalletRefusal('RESOURCE_NOT_EXISTS', '退款单不存在');
    return refund;
  }

  settleRefund(refund: Refund): void {
    refund.status = refund.outcome;
    if (refund.status === 'SUCCESS') refund.successAt = this.#now();
    this.#changed();
  }

  checkMerchant(mchid: string | null, appid: string = this.#merchant.appid): void {
    if (mchid !== this.#merchant.mchid)
      throw new WalletRefusal('INVALID_REQUEST', '商户号与签名的商户号不一致');
    if (appid !== this.#merchant.appid) {
      throw new WalletRefusal('APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配');
    }
  }

  #refundable(request: RefundRequestBody): { trade: Trade; transaction: Transaction } {
    const { trade, transaction } = this.find({
      outTradeNo: request.out_trade_no,
      transactionId: request.transaction_id,
    });
    if (transaction === undefined) throw new WalletRefusal('INVALID_REQUEST', '订单未支付，不能退款');
    if (this.#now() > transaction.paidAt + REFUND_LIFE_MS) {
      throw new WalletRefusal('INVALID_REQUEST', '订单已超过可退款的最大期限(支付完成后一年内可退款)');
    }
    if (request.amount.total !== transaction.totalFen) {
      throw new WalletRefusal('INVALID_REQUEST', '订单金额不一致');
    }
    const earlier = this.refunds.filter(
      (each) => each.transactionId === transaction.id && each.status !== 'CLOSED',
    );
    if (earlier.length >= MAX_REFUNDS) throw new WalletRefusal('INVALID_REQUEST', '退款次数超过限制');
    const taken = earlier.reduce((sum, each) => sum + each.refundFen, 0);
    if (taken + request.amount.refund > transaction.totalFen) {
      throw new WalletRefusal('INVALID_REQUEST', '申请退款金额大于订单剩余可退金额');
    }
    return { trade, transaction };
  }
}

/** JSON with sorted names: two requests are the same when this is. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
