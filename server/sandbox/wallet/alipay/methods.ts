import { randomBytes } from 'node:crypto';
import { beforeMoney } from '../api-fault.ts';
import { canonical } from '../canonical.ts';
import { CODE_LIFE_MS } from './constants.ts';
import { Refusal } from './refusal.ts';
import {
  contentOf,
  createRequest,
  ofTrade,
  precreateRequest,
  refundQuery,
  refundRequest,
  termsOf,
} from './requests.ts';
import { refundedOf, statusOf, tradeNoOf, tradeOf, tradeView, yuan } from './views.ts';
import type { Fields, Method, MethodContext } from './method.ts';
import { begin, checkSeller, knownTrade } from './new-trade.ts';
import { bill } from './bill-download.ts';

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
