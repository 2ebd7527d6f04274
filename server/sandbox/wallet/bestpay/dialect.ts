import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { BillFiles } from '../bill-files.ts';
import { digits } from '../canonical.ts';
import type { Dialect, Packet, PackInit, PacketFault } from '../dialect.ts';
import type { DialectContext } from '../dialect-context.ts';
import type { Incoming } from '../http.ts';
import { chinaDay } from '../time.ts';
import {
  ACK_TIMEOUT_MS,
  BILL_ADDRESS_MS,
  CODE_LIFE_MS,
  MAX_REFUNDS,
  REFUND_LIFE_MS,
  RETRY_SECONDS,
} from './constants.ts';
import { answerCall } from './gateway.ts';
import type { GatewayContext } from './gateway.ts';
import type { BestpayKeys } from './keys.ts';
import { withSign } from './signing.ts';
import type { Fields } from './signing.ts';
import { paymentNotice, refundNotice } from './views.ts';

/** Bestpay's MAPI as public reports tell it, to one merchant. Uncertified: docs/protocol/bestpay.md. */
export function createBestpayDialect(keys: BestpayKeys, context: DialectContext): Dialect {
  const merchant = { merchantNo: keys.merchantNo, institutionCode: keys.institutionCode };
  const bills = new BillFiles({ now: context.now, path: '/mapi/bill', lifeMs: BILL_ADDRESS_MS });
  const shared = { keys, merchant, bills, now: context.now, baseUrl: context.baseUrl };
  const day = (now: number): string => chinaDay(now).replaceAll('-', '');
  return {
    wallet: 'bestpay',
    rules: {
      codeLifeMs: CODE_LIFE_MS,
      refundLifeMs: REFUND_LIFE_MS,
      maxRefunds: MAX_REFUNDS,
      takesTwice: false,
    },
    numbers: {
      transaction: (now) => `${day(now)}1000002${digits(17)}`,
      refund: (now) => `${day(now)}2000002${digits(17)}`,
      payer: () => randomBytes(12).toString('base64url'),
    },
    retrySeconds: RETRY_SECONDS,
    ackTimeoutMs: ACK_TIMEOUT_MS,

    takes: (path) => path.startsWith('/mapi/'),
    answer: async (book, incoming, response) => {
      const call = incoming.url.pathname === '/mapi/sdkRequest' && incoming.method === 'POST';
      if (call) await answerCall({ ...shared, book }, incoming, response);
      else answerPage({ ...shared, book }, incoming, response);
    },
    isCode: (codeUrl) => /\/mapi\/qr\/[0-9a-f]{24}$/u.test(codeUrl),

    paymentNotice: (_ledger, trade, paid) => paymentNotice(merchant, trade, paid),
    refundNotice: (ledger, refund) => refundNotice(merchant, ledger, refund),
    pack: (init) => packed(keys, init),
    isAcknowledged: (status, body) => status === 200 && body === '{"resultCode":"SUCCESS","resultMsg":"OK"}',
  };
}

/** What a phone opens: the code's own address, and the download of bills. */
function answerPage({ bills, baseUrl }: GatewayContext, incoming: Incoming, response: ServerResponse): void {
  const { pathname, searchParams } = incoming.url;
  const file = pathname === '/mapi/bill' ? bills.take(searchParams.get('token')) : undefined;
  if (incoming.method === 'GET' && file !== undefined) {
    response.setHeader('Content-Type', 'text/plain; charset=utf-8');
    response.end(file);
  } else if (incoming.method === 'GET' && pathname.startsWith('/mapi/qr/')) {
    // Wallets and browsers both open it: show the wallet.
    response.statusCode = 302;
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Location', `/phone?code_url=${encodeURIComponent(`${baseUrl()}${pathname}`)}`);
    response.end();
  } else {
    response.statusCode = 404;
    response.end();
  }
}

/** What a genuine notification says that it should not. Faults that this protocol has no place for change nothing. */
const CHANGES: Readonly<Partial<Record<PacketFault, (content: Fields) => Fields>>> = {
  'wrong-amount': (content) => ({ ...content, totalAmt: String(Number(content['totalAmt']) - 1) }),
  'foreign-merchant': (content) => ({ ...content, merchantNo: '3178000000000000' }),
  'foreign-app': (content) => ({ ...content, institutionCode: '3178000000000000' }),
};

/** A notification as it goes over the wire: signed JSON, wrong in the way that `fault` says. */
function packed(keys: BestpayKeys, { delivery, signWith, fault }: PackInit): Packet {
  const change = fault === undefined ? undefined : CHANGES[fault];
  const content = change?.(delivery.content) ?? delivery.content;
  const signed = withSign(content, keys, signWith, fault);
  return {
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(fault === 'tampered' ? { ...signed, payTool: 'ALIPAY' } : signed),
  };
}
