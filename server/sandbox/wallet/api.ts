import type { BillFiles } from './bill.ts';
import { checkBillDay, tradeBill } from './bill.ts';
import { WalletRefusal } from './constants.ts';
import type { Faults, OPERATIONS } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Refund } from './model.ts';
import { closeRequest, nativeRequest, parseBody, refundRequest } from './requests.ts';
import type { Merchant } from './views.ts';
import { refundView, tradeView } from './views.ts';

export interface ApiContext {
  readonly ledger: Ledger;
  readonly merchant: Merchant;
  readonly faults: Faults;
  readonly bills: BillFiles;
  readonly now: () => number;
  /** Where this wallet listens, without a trailing slash. */
  readonly baseUrl: () => string;
  /** A refund was taken on: settle it when its time has come. */
  readonly refundStarted: (refund: Refund) => void;
}

export interface ApiRequest {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON; a Buffer goes out as it is and unsigned (bill download); absent for 204. */
  readonly body?: Record<string, unknown> | Buffer;
}

export interface ApiRoute {
  readonly operation: (typeof OPERATIONS)[number];
  readonly method: 'GET' | 'POST';
  /** Its groups become `params`, decoded. */
  readonly path: RegExp;
  readonly handle: (request: ApiRequest, context: ApiContext) => ApiAnswer;
}

/** The part of WeChat Pay API v3 that a Native merchant needs. */
export const API_ROUTES: readonly ApiRoute[] = [
  {
    operation: 'create',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/native$/,
    handle: ({ body }, { ledger }) => {
      const trade = ledger.create(parseBody(nativeRequest, body));
      return { status: 200, body: { code_url: trade.codeUrl } };
    },
  },
  {
    operation: 'query',
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
    handle: ({ params, query }, { ledger, merchant }) => {
      ledger.checkMerchant(query.get('mchid'));
      const { trade, transaction } = ledger.find({ outTradeNo: params[0] });
      return { status: 200, body: tradeView(ledger, merchant, trade, transaction) };
    },
  },
  {
    operation: 'query',
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
    handle: ({ params, query }, { ledger, merchant }) => {
      ledger.checkMerchant(query.get('mchid'));
      const { trade, transaction } = ledger.find({ transactionId: params[0] });
      return { status: 200, body: tradeView(ledger, merchant, trade, transaction) };
    },
  },
  {
    operation: 'close',
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
    handle: ({ params, body }, { ledger }) => {
      ledger.close(params[0] ?? '', parseBody(closeRequest, body).mchid);
      return { status: 204 };
    },
  },
  {
    operation: 'refund',
    method: 'POST',
    path: /^\/v3\/refund\/domestic\/refunds$/,
    handle: ({ body }, { ledger, faults, refundStarted }) => {
      const { refundOutcome, refundDelayMs } = faults.settings;
      const { refund, fresh } = ledger.refund(parseBody(refundRequest, body), {
        outcome: refundOutcome,
        delayMs: refundDelayMs,
      });
      const answer = refundView(refund);
      if (fresh) refundStarted(refund);
      return { status: 200, body: answer };
    },
  },
  {
    operation: 'query-refund',
    method: 'GET',
    path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
    handle: ({ params }, { ledger }) => ({
      status: 200,
      body: refundView(ledger.findRefund(params[0] ?? '')),
    }),
  },
  {
    operation: 'bill',
    method: 'GET',
    path: /^\/v3\/bill\/tradebill$/,
    handle: ({ query }, { ledger, merchant, bills, faults, now, baseUrl }) => {
      const day = checkBillDay(query.get('bill_date'), now(), faults.settings.billsAtOnce);
      if ((query.get('bill_type') ?? 'ALL') !== 'ALL') {
        throw new WalletRefusal('PARAM_ERROR', '沙箱只提供bill_type=ALL的账单');
      }
      const format = query.get('tar_type');
      if (format !== null && format !== 'GZIP') throw new WalletRefusal('PARAM_ERROR', 'tar_type只能为GZIP');
      const bill = tradeBill(ledger, merchant, day);
      if (bill === undefined) throw new WalletRefusal('NO_STATEMENT_EXIST', '账单不存在');
      return { status: 200, body: bills.offer(bill, format === 'GZIP', baseUrl()) };
    },
  },
  {
    operation: 'bill',
    method: 'GET',
    path: /^\/v3\/billdownload\/file$/,
    handle: ({ query }, { bills }) => ({ status: 200, body: bills.take(query.get('token')) }),
  },
];
