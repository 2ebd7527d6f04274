import { randomBytes } from 'node:crypto';
import { beforeMoney } from '../api-fault.ts';
import { BookError } from '../book-error.ts';
import type { BillFiles } from '../bill-files.ts';
import { told } from '../../bill-lies.ts';
import type { AnsweringBook } from '../dialect.ts';
import { canonical, digits } from '../canonical.ts';
import type { Consents } from '../consents.ts';
import type { OPERATIONS } from '../faults.ts';
import type { Ledger, NewTrade } from '../ledger.ts';
import type { Trade } from '../model.ts';
import { chinaDay, chinaTime } from '../time.ts';
import { tradeBill } from './bill.ts';
import type { BillRow } from './bill.ts';
import { BILL_HOUR, CODE_LIFE_MS } from './constants.ts';
import { Refusal } from './refusal.ts';
import {
  billRequest,
  contentOf,
  createRequest,
  ofTrade,
  precreateRequest,
  refundQuery,
  refundRequest,
  termsOf,
  wapRequest,
} from './requests.ts';
import type { Terms } from './requests.ts';
import { refundedOf, statusOf, tradeNoOf, tradeOf, tradeView, yuan } from './views.ts';
import type { Merchant } from './views.ts';

export interface MethodContext {
  readonly book: AnsweringBook;
  readonly merchant: Merchant;
  readonly bills: BillFiles;
  readonly consents: Consents;
  readonly now: () => number;
  /** Where this wallet listens, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Of a query: answered as before any money came. */
  readonly behind?: boolean;
}

export type Fields = ReadonlyMap<string, string>;

export interface Method {
  readonly operation: (typeof OPERATIONS)[number];
  /** Gives the answer's fields beside `code` and `msg`. */
  readonly handle: (
    fields: Fields,
    context: MethodContext,
  ) => Promise<Record<string, string>> | Record<string, string>;
}

/** The part of Alipay's gateway that a merchant needs who takes payments. */
export const METHODS: Readonly<Record<string, Method>> = {
  'alipay.trade.precreate': {
    operation: 'create',
    handle: (fields, context) => {
      const body = contentOf(precreateRequest, fields.get('biz_content'));
      checkSeller(context, body.seller_id);
      const codeUrl = `${context.baseUrl()}/qr/bax${randomBytes(9).toString('hex')}`;
      const { now } = context;
      const terms = termsOf(body);
      const life = Math.min(body.qr_code_timeout_express ?? CODE_LIFE_MS, CODE_LIFE_MS);
      const trade = begin(context, fields, {
        terms: { ...terms, expiresAt: terms.expiresAt ?? now() + life },
        tradeType: 'PRECREATE',
        codeUrl,
        attach: body.terminal_id,
      });
      return { out_trade_no: trade.outTradeNo, qr_code: codeUrl };
    },
  },
  'alipay.trade.create': {
    operation: 'create',
    handle: (fields, context) => {
      const body = contentOf(createRequest, fields.get('biz_content'));
      checkSeller(context, body.seller_id);
      const known = knownTrade(context.book.ledger, body.out_trade_no);
      const payerId = body.buyer_open_id ?? body.buyer_id;
      if (known?.scannedAt !== undefined && known.payerId !== payerId) {
        throw new Refusal('ACQ.TRADE_BUYER_NOT_MATCH');
      }
      const trade = begin(context, fields, {
        terms: termsOf(body),
        tradeType: 'CREATE',
        attach: body.terminal_id,
        payerId,
      });
      // A buyer is known, so the trade begins at once.
      context.book.ledger.scanned(trade);
      return { out_trade_no: trade.outTradeNo, trade_no: tradeNoOf(trade) };
    },
  },
  'alipay.trade.query': {
    operation: 'query',
    handle: (fields, { book: { ledger }, behind }) => {
      const { out_trade_no } = contentOf(ofTrade, fields.get('biz_content'));
      const trade = tradeOf(ledger, out_trade_no);
      return tradeView(ledger, behind === true ? beforeMoney(trade) : trade);
    },
  },
  'alipay.trade.close': {
    operation: 'close',
    handle: (fields, { book: { ledger } }) => {
      const trade = tradeOf(ledger, contentOf(ofTrade, fields.get('biz_content')).out_trade_no);
      // Said of a paid trade and of one that is closed alike.
      if (statusOf(ledger, trade) !== 'WAIT_BUYER_PAY') throw new Refusal('ACQ.TRADE_STATUS_ERROR');
      ledger.close(trade.outTradeNo);
      return { out_trade_no: trade.outTradeNo, trade_no: tradeNoOf(trade) };
    },
  },
  'alipay.trade.refund': { operation: 'refund', handle: refund },
  'alipay.trade.fastpay.refund.query': {
    operation: 'query-refund',
    handle: (fields, { book: { ledger } }) => {
      const body = contentOf(refundQuery, fields.get('biz_content'));
      const trade = tradeOf(ledger, body.out_trade_no);
      const found = trade.transactions
        .flatMap(({ id }) => ledger.refundsOf(id))
        .find((each) => each.outRefundNo === body.out_request_no);
      // What is not there and what is not done yet are answered alike: by saying nothing of it.
      if (found?.status !== 'SUCCESS') return {};
      return {
        out_trade_no: trade.outTradeNo,
        trade_no: tradeNoOf(trade),
        out_request_no: found.outRefundNo,
        total_amount: yuan(trade.totalFen),
        refund_amount: yuan(found.refundFen),
        refund_status: 'REFUND_SUCCESS',
      };
    },
  },
  'alipay.system.oauth.token': {
    operation: 'any',
    handle: (fields, { consents }) => {
      const payer =
        fields.get('grant_type') === 'authorization_code' && consents.take(fields.get('code') ?? '');
      if (typeof payer !== 'string') throw new Refusal('isv.code-invalid');
      return { open_id: payer, access_token: randomBytes(20).toString('hex'), expires_in: '1296000' };
    },
  },
  'alipay.data.dataservice.bill.downloadurl.query': { operation: 'bill', handle: bill },
};

/** What the address of a browser's payment says; the trade begins when it is opened. */
export function beginInBrowser(
  fields: Fields,
  context: MethodContext,
): { trade: Trade; returnUrl: string | undefined } {
  const body = contentOf(wapRequest, fields.get('biz_content'));
  checkSeller(context, body.seller_id);
  const trade = begin(context, fields, { terms: termsOf(body), tradeType: 'WAP' });
  context.book.ledger.scanned(trade);
  return { trade, returnUrl: fields.get('return_url') };
}

interface Beginning extends Pick<NewTrade, 'tradeType'> {
  readonly terms: Terms;
  /** Absent: the trade is paid by its number. */
  readonly codeUrl?: string;
  readonly attach?: string | undefined;
  readonly payerId?: string | undefined;
}

function begin({ book, now }: MethodContext, fields: Fields, beginning: Beginning): Trade {
  const { terms, tradeType, attach, payerId } = beginning;
  const tradeNo =
    knownTrade(book.ledger, terms.outTradeNo)?.facts?.['tradeNo'] ??
    `${chinaDay(now()).replaceAll('-', '')}22001${digits(15)}`;
  const notifyUrl = fields.get('notify_url');
  if (notifyUrl === undefined) throw new Refusal('ACQ.INVALID_PARAMETER', 'notify_url');
  return book.ledger.create({
    outTradeNo: terms.outTradeNo,
    fingerprint: canonical({ ...terms, payerId }),
    tradeType,
    description: terms.subject,
    notifyUrl,
    totalFen: terms.totalFen,
    codeUrl: beginning.codeUrl ?? inWalletCode(tradeNo),
    expiresAt: terms.expiresAt ?? now() + CODE_LIFE_MS,
    facts: { tradeNo },
    ...(attach === undefined ? {} : { attach }),
    ...(payerId === undefined ? {} : { payerId }),
  });
}

function knownTrade(ledger: Ledger, outTradeNo: string): Trade | undefined {
  try {
    return ledger.find({ outTradeNo }).trade;
  } catch (error) {
    if (error instanceof BookError && error.reason === 'no-trade') return undefined;
    throw error;
  }
}

/** What the wallet itself opens when a page inside it names a trade. */
function inWalletCode(tradeNo: string): string {
  return `alipays://platformapi/startapp?tradeNO=${tradeNo}`;
}

async function refund(fields: Fields, { book }: MethodContext): Promise<Record<string, string>> {
  const { ledger, faults, world } = book;
  const body = contentOf(refundRequest, fields.get('biz_content'));
  const trade = tradeOf(ledger, body.out_trade_no);
  if (body.trade_no !== undefined && body.trade_no !== tradeNoOf(trade)) {
    throw new Refusal('ACQ.INVALID_PARAMETER', 'trade_no');
  }
  const { refund: made, fresh } = ledger.refund(
    {
      outRefundNo: body.out_request_no,
      fingerprint: canonical({ trade: body.out_trade_no, fen: body.refund_amount }),
      outTradeNo: body.out_trade_no,
      refundFen: body.refund_amount,
      reason: body.refund_reason,
    },
    () => {
      const policy = faults.takeRefund(body.out_request_no);
      // At Alipay a refund is done or it is not: none ends otherwise later on.
      if (policy.outcome !== 'SUCCESS') throw new Refusal('ACQ.TRADE_NOT_ALLOW_REFUND');
      return policy;
    },
  );
  if (fresh) {
    world.settleLater(made);
    // One without a delay is settled in the next turn, before this goes on.
    await Promise.resolve();
  }
  return {
    out_trade_no: trade.outTradeNo,
    trade_no: tradeNoOf(trade),
    fund_change: fresh && made.status === 'SUCCESS' ? 'Y' : 'N',
    refund_fee: yuan(refundedOf(ledger, trade)),
  };
}

function bill(fields: Fields, context: MethodContext): Record<string, string> {
  const { book, merchant, bills, now, baseUrl } = context;
  const { bill_type, bill_date: day } = contentOf(billRequest, fields.get('biz_content'));
  if (bill_type !== 'trade') throw new Refusal('isp.bill_not_exist');
  if (!book.faults.settings.billsAtOnce) {
    if (day >= chinaDay(now())) throw new Refusal('isv.invalid_arguments');
    const yesterday = chinaDay(now() - 24 * 60 * 60 * 1000);
    const hour = Number(chinaTime(now()).slice(11, 13));
    if (day === yesterday && hour < BILL_HOUR) throw new Refusal('isp.bill_not_exist');
  }
  const packed = tradeBill(merchant.sellerId, day, rowsOf(book));
  if (packed === undefined) throw new Refusal('isp.bill_not_exist');
  return { bill_download_url: bills.offer(packed, baseUrl()) };
}

function rowsOf({ ledger, faults }: AnsweringBook): BillRow[] {
  const base = (trade: Trade): Omit<BillRow, 'at' | 'fen'> => ({
    tradeNo: tradeNoOf(trade),
    outTradeNo: trade.outTradeNo,
    subject: trade.description,
    createdAt: trade.scannedAt ?? trade.createdAt,
    ...(trade.attach === undefined ? {} : { terminalId: trade.attach }),
  });
  const payments = ledger.trades.flatMap((trade) =>
    trade.transactions.map(({ paidAt, totalFen }) => ({
      ...base(trade),
      number: trade.outTradeNo,
      at: paidAt,
      fen: totalFen,
    })),
  );
  const refunds = ledger.refunds
    .filter(({ status }) => status === 'SUCCESS')
    .map((each) => ({
      ...base(ledger.find({ transactionId: each.transactionId }).trade),
      number: each.outRefundNo,
      at: each.successAt ?? each.createdAt,
      fen: each.refundFen,
    }));
  const { billLies } = faults.settings;
  return [
    ...told(payments, billLies).map(({ number, ...row }) => ({ ...row, outTradeNo: number })),
    ...told(refunds, billLies).map(({ number, ...row }) => ({ ...row, outRequestNo: number })),
  ];
}

function checkSeller({ merchant }: MethodContext, sellerId: string | undefined): void {
  if (sellerId !== undefined && sellerId !== merchant.sellerId) throw new Refusal('ACQ.PARTNER_ERROR');
}
