import { randomBytes } from 'node:crypto';
import { digits } from '../canonical.ts';
import { Consents } from '../consents.ts';
import type { Dialect } from '../dialect.ts';
import type { DialectContext } from '../dialect-context.ts';
import { chinaDay } from '../time.ts';
import { answerApi } from './api-server.ts';
import { BillFiles } from './bill.ts';
import { ComplaintDesk } from './complaints.ts';
import { ACK_TIMEOUT_MS, CODE_LIFE_MS, MAX_REFUNDS, REFUND_LIFE_MS, RETRY_SECONDS } from './constants.ts';
import type { WechatKeys } from './keys.ts';
import { packNotification } from './notification.ts';
import { answerPage, isPage } from './pages.ts';
import { refundNotice, tradeView } from './views.ts';

/** WeChat Pay API v3, to one merchant. */
export function createWechatDialect(keys: WechatKeys, context: DialectContext): Dialect {
  const merchant = { appid: keys.appid, mchid: keys.mchid };
  const bills = new BillFiles();
  const complaints = new ComplaintDesk(context.now);
  const consents = new Consents();
  const numbered = (prefix: string, now: number): string =>
    `${prefix}${chinaDay(now).replaceAll('-', '')}${digits(18)}`;
  return {
    wallet: 'wechat',
    rules: { codeLifeMs: CODE_LIFE_MS, refundLifeMs: REFUND_LIFE_MS, maxRefunds: MAX_REFUNDS },
    numbers: {
      transaction: (now) => numbered('42', now),
      refund: (now) => numbered('50', now),
      payer: () => `o${randomBytes(20).toString('base64url').slice(0, 27)}`,
    },
    retrySeconds: RETRY_SECONDS,
    ackTimeoutMs: ACK_TIMEOUT_MS,

    takes: (path) => path.startsWith('/v3/') || isPage(path),
    answer: (book, incoming, response) => {
      if (isPage(incoming.url.pathname)) {
        return answerPage({ book, keys, consents, now: context.now }, incoming, response);
      }
      return answerApi({ book, merchant, keys, bills, complaints, ...context }, incoming, response);
    },
    complaints,
    isCode: (codeUrl) => codeUrl.startsWith('weixin://'),

    paymentNotice: (ledger, trade, transaction) => ({
      event: 'TRANSACTION.SUCCESS',
      // What happened stays SUCCESS, even when a refund has begun before the notification is made.
      content: {
        ...tradeView(ledger, merchant, trade, transaction),
        trade_state: 'SUCCESS',
        trade_state_desc: '支付成功',
      },
    }),
    refundNotice: (_ledger, refund) => ({
      event: `REFUND.${refund.status}`,
      content: refundNotice(merchant, refund),
    }),
    pack: (init) => packNotification(keys, init),
    // 200 and 204 acknowledge whatever the body says. WeChat Pay API v3, "支付通知".
    isAcknowledged: (status) => status === 200 || status === 204,
  };
}
