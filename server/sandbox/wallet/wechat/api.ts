import { randomBytes } from 'node:crypto';
import { beforeMoney } from '../api-fault.ts';
import { canonical } from '../canonical.ts';
import { checkBillDay, tradeBill } from './bill.ts';
import type { ApiRoute } from './api-route.ts';
import { COMPLAINT_ROUTES } from './complaint-api.ts';
import { WalletRefusal } from './refusal.ts';
import { deepLink, h5Url } from './pages.ts';
import {
  closeRequest,
  h5Request,
  jsapiRequest,
  nativeRequest,
  parseBody,
  refundRequest,
} from './requests.ts';
import { refundView, tradeView } from './views.ts';
import { checkMerchant, create, newPrepayId } from './new-trade.ts';

/** The part of WeChat Pay API v3 that a Native merchant needs. */
export const API_ROUTES: readonly ApiRoute[] = [
  ...COMPLAINT_ROUTES,
  {
    operation: 'create',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/native$/,
    handle: ({ body }, context) => {
      const codeUrl = `weixin://wxpay/bizpayurl?pr=${randomBytes(7).toString('base64url')}`;
      create(context, parseBody(nativeRequest, body), { tradeType: 'NATIVE', codeUrl });
      return { status: 200, body: { code_url: codeUrl } };
    },
  },
  {
    operation: 'create',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/jsapi$/,
    handle: ({ body }, context) => {
      const request = parseBody(jsapiRequest, body);
      const prepayId = newPrepayId(context.now());
      const { openid } = request.payer;
      create(context, request, { tradeType: 'JSAPI', codeUrl: deepLink(prepayId), payerId: openid });
      return { status: 200, body: { prepay_id: prepayId } };
    },
  },
  {
    operation: 'create',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/h5$/,
    handle: ({ body }, context) => {
      const prepayId = newPrepayId(context.now());
      create(context, parseBody(h5Request, body), { tradeType: 'MWEB', codeUrl: deepLink(prepayId) });
      return { status: 200, body: { h5_url: h5Url(context.baseUrl(), prepayId) } };
    },
  },
  {
    operation: 'query',
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
    handle: ({ params, query, behind }, { book: { ledger }, merchant }) => {
      checkMerchant(merchant, query.get('mchid'));
      const { trade, transaction } = ledger.find({ outTradeNo: params[0] });
      if (behind) return { status: 200, body: tradeView(ledger, merchant, beforeMoney(trade), undefined) };
      return { status: 200, body: tradeView(ledger, merchant, trade, transaction) };
    },
  },
  {
    operation: 'query',
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
    handle: ({ params, query }, { book: { ledger }, merchant }) => {
      checkMerchant(merchant, query.get('mchid'));
      const { trade, transaction } = ledger.find({ transactionId: params[0] });
      return { status: 200, body: tradeView(ledger, merchant, trade, transaction) };
    },
  },
  {
    operation: 'close',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
    handle: ({ params, body }, { book, merchant }) => {
      checkMerchant(merchant, parseBody(closeRequest, body).mchid);
      book.ledger.close(params[0] ?? '');
      return { status: 204 };
    },
  },
  {
    operation: 'refund',
    method: 'POST',
    path: /^\/v3\/refund\/domestic\/refunds$/,
    handle: ({ body }, { book: { ledger, faults, world } }) => {
      const request = parseBody(refundRequest, body);
      const { refund, fresh } = ledger.refund(
        {
          outRefundNo: request.out_refund_no,
          fingerprint: canonical(request),
          outTradeNo: request.out_trade_no,
          transactionId: request.transaction_id,
          refundFen: request.amount.refund,
          totalFen: request.amount.total,
          reason: request.reason,
          notifyUrl: request.notify_url,
        },
        () => faults.takeRefund(request.out_refund_no),
      );
      const answer = refundView(refund);
      if (fresh) world.settleLater(refund);
      return { status: 200, body: answer };
    },
  },
  {
    operation: 'query-refund',
    method: 'GET',
    path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
    handle: ({ params }, { book: { ledger } }) => ({
      status: 200,
      body: refundView(ledger.findRefund(params[0] ?? '')),
    }),
  },
  {
    operation: 'bill',
    method: 'GET',
    path: /^\/v3\/bill\/tradebill$/,
    handle: ({ query }, { book, merchant, bills, now, baseUrl }) => {
      const { billsAtOnce, billFault } = book.faults.settings;
      const day = checkBillDay(query.get('bill_date'), now(), billsAtOnce);
      if ((query.get('bill_type') ?? 'ALL') !== 'ALL') {
        throw new WalletRefusal('PARAM_ERROR', '沙箱只提供bill_type=ALL的账单');
      }
      const format = query.get('tar_type');
      if (format !== null && format !== 'GZIP') throw new WalletRefusal('PARAM_ERROR', 'tar_type只能为GZIP');
      const bill = tradeBill(book, merchant, day);
      if (bill === undefined) throw new WalletRefusal('NO_STATEMENT_EXIST', '账单不存在');
      return {
        status: 200,
        body: bills.offer(bill, { gzip: format === 'GZIP', baseUrl: baseUrl(), fault: billFault === 'hash' }),
      };
    },
  },
  {
    operation: 'bill',
    method: 'GET',
    path: /^\/v3\/billdownload\/file$/,
    handle: ({ query }, { bills }) => ({ status: 200, body: bills.take(query.get('token')) }),
  },
];
