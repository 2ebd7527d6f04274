import { randomBytes } from 'node:crypto';
import { beforeMoney } from '../api-fault.ts';
import type { BillFiles } from '../bill-files.ts';
import type { AnsweringBook } from '../dialect.ts';
import { canonical } from '../canonical.ts';
import type { OPERATIONS } from '../faults-request.ts';
import { chinaDay, chinaTime } from '../time.ts';
import { billOf } from './bill.ts';
import { BILL_HOUR, CLOCK_TOLERANCE_MS, PATHS } from './constants.ts';
import { Refusal } from './refusal.ts';
import {
  billRequest,
  contentOf,
  createRequest,
  refundQuery,
  refundRequest,
  tradeRequest,
} from './requests.ts';
import { refundView, tradeView } from './views.ts';
import type { Merchant } from './views.ts';

export interface CallContext {
  readonly book: AnsweringBook;
  readonly merchant: Merchant;
  readonly bills: BillFiles;
  readonly now: () => number;
  /** Where this wallet listens, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Of a query: answered as before any money came. */
  readonly behind?: boolean;
}

export interface Call {
  readonly operation: (typeof OPERATIONS)[number];
  /** Gives the answer's `result`. */
  readonly handle: (content: string, context: CallContext) => Record<string, unknown>;
}

/** What a merchant needs who takes payments, by `path`. */
export const CALLS: Readonly<Record<string, Call>> = {
  [PATHS.create]: { operation: 'create', handle: create },
  [PATHS.query]: {
    operation: 'query',
    handle: (content, { book: { ledger }, merchant, behind }) => {
      const body = contentOf(tradeRequest, content);
      checkMerchant(merchant, body);
      const { trade } = ledger.find(body);
      return tradeView(merchant, ledger, behind === true ? beforeMoney(trade) : trade);
    },
  },
  [PATHS.close]: {
    operation: 'close',
    handle: (content, { book: { ledger }, merchant }) => {
      const body = contentOf(tradeRequest, content);
      checkMerchant(merchant, body);
      ledger.close(body.outTradeNo);
      return { merchantNo: merchant.merchantNo, outTradeNo: body.outTradeNo };
    },
  },
  [PATHS.refund]: { operation: 'refund', handle: refund },
  [PATHS.refundQuery]: {
    operation: 'query-refund',
    handle: (content, { book: { ledger }, merchant }) => {
      const body = contentOf(refundQuery, content);
      checkMerchant(merchant, body);
      const found = ledger.findRefund(body.outRefundNo);
      if (found.outTradeNo !== body.outTradeNo) throw new Refusal('NO_REFUND');
      return refundView(merchant, found);
    },
  },
  [PATHS.bill]: { operation: 'bill', handle: bill },
};

function create(content: string, context: CallContext): Record<string, unknown> {
  const { book, merchant, now, baseUrl } = context;
  const body = contentOf(createRequest, content);
  checkMerchant(merchant, body);
  checkTime(context, body);
  const { outTradeNo, tradeAmt, subject, notifyUrl } = body;
  const trade = book.ledger.create({
    outTradeNo,
    // When it is asked and how long it lives change from one request to the next of the same payment.
    fingerprint: canonical({ tradeAmt, subject, notifyUrl }),
    tradeType: 'C2B',
    description: subject,
    notifyUrl,
    totalFen: tradeAmt,
    codeUrl: `${baseUrl()}/mapi/qr/${randomBytes(12).toString('hex')}`,
    expiresAt: now() + body.timeOut * 1000,
  });
  return { ...tradeView(merchant, book.ledger, trade), tradeStatus: 'WAITFORPAY', codeUrl: trade.codeUrl };
}

function refund(content: string, context: CallContext): Record<string, unknown> {
  const { book, merchant } = context;
  const { ledger, faults, world } = book;
  const body = contentOf(refundRequest, content);
  checkMerchant(merchant, body);
  checkTime(context, body);
  const { outTradeNo, tradeNo, outRefundNo, refundAmt, tradeDate, refundCause } = body;
  const { transaction } = ledger.find({ outTradeNo, transactionId: tradeNo });
  if (transaction !== undefined && chinaDay(transaction.paidAt) !== tradeDate) {
    throw new Refusal('INVALID', 'tradeDate');
  }
  const { refund: made, fresh } = ledger.refund(
    {
      outRefundNo,
      fingerprint: canonical({ outTradeNo, tradeNo, refundAmt }),
      outTradeNo,
      transactionId: tradeNo,
      refundFen: refundAmt,
      reason: refundCause,
    },
    () => {
      const policy = faults.takeRefund(outRefundNo);
      // Here a refund is done or has failed: there is no third.
      return { ...policy, outcome: policy.outcome === 'SUCCESS' ? 'SUCCESS' : 'CLOSED' };
    },
  );
  const view = refundView(merchant, made);
  if (fresh) world.settleLater(made);
  return view;
}

function bill(
  content: string,
  { book, merchant, bills, now, baseUrl }: CallContext,
): Record<string, unknown> {
  const body = contentOf(billRequest, content);
  checkMerchant(merchant, body);
  const day = body.billDate;
  if (!book.faults.settings.billsAtOnce) {
    const yesterday = chinaDay(now() - 24 * 60 * 60 * 1000);
    const hour = Number(chinaTime(now()).slice(11, 13));
    const early = day === yesterday && hour < BILL_HOUR;
    if (day >= chinaDay(now()) || early) throw new Refusal('BILL_LATER');
  }
  const { file, sha256, totals } = billOf(book, day);
  return { fileUrl: bills.offer(file, baseUrl()), sha256, ...totals };
}

function checkMerchant({ merchantNo }: Merchant, body: { merchantNo: string }): void {
  if (body.merchantNo !== merchantNo) throw new Refusal('INVALID', 'merchantNo');
}

function checkTime({ now }: CallContext, body: { requestDate: number }): void {
  if (Math.abs(body.requestDate - now()) > CLOCK_TOLERANCE_MS) throw new Refusal('INVALID', 'requestDate');
}
