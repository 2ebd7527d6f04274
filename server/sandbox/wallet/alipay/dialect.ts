import { randomBytes } from 'node:crypto';
import { BillFiles } from '../bill-files.ts';
import { digits } from '../canonical.ts';
import { Consents } from '../consents.ts';
import type { Dialect } from '../dialect.ts';
import type { DialectContext } from '../dialect-context.ts';
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
import type { AlipayKeys } from './keys.ts';
import { packNotification } from './pack.ts';
import { answerPage, isPage } from './pages.ts';
import { paymentNotice, refundNotice, tradeNoOf } from './views.ts';

/** Alipay's gateway and what a phone sees of Alipay, to one merchant. */
export function createAlipayDialect(keys: AlipayKeys, context: DialectContext): Dialect {
  const merchant = { appId: keys.appId, sellerId: keys.sellerId };
  const shared = {
    keys,
    merchant,
    bills: new BillFiles({ now: context.now, path: '/alipay/bill', lifeMs: BILL_ADDRESS_MS }),
    consents: new Consents(),
    now: context.now,
    baseUrl: context.baseUrl,
  };
  return {
    wallet: 'alipay',
    rules: {
      codeLifeMs: CODE_LIFE_MS,
      refundLifeMs: REFUND_LIFE_MS,
      maxRefunds: MAX_REFUNDS,
      beginsAtScan: true,
      takesTwice: false,
    },
    numbers: {
      transaction: (_now, trade) => tradeNoOf(trade),
      refund: (now) => `${chinaDay(now).replaceAll('-', '')}${digits(20)}`,
      payer: () => randomBytes(22).toString('base64url'),
    },
    retrySeconds: RETRY_SECONDS,
    ackTimeoutMs: ACK_TIMEOUT_MS,

    takes: (path) => path === '/gateway.do' || isPage(path),
    answer: async (book, incoming, response) => {
      const call = incoming.url.pathname === '/gateway.do' && incoming.method === 'POST';
      await (call ? answerCall : answerPage)({ ...shared, book }, incoming, response);
    },
    isCode: (codeUrl) => /\/qr\/bax[0-9a-f]{18}$/u.test(codeUrl) || codeUrl.startsWith('alipays://'),

    paymentNotice: (_ledger, trade, paid) => paymentNotice(merchant, trade, paid),
    refundNotice: (ledger, refund) => refundNotice(merchant, ledger, refund),
    pack: (init) => packNotification(keys, init),
    // Nothing but this word ends the retries. Alipay, "异步通知说明".
    isAcknowledged: (_status, body) => body === 'success',
  };
}
