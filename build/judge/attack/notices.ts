import { randomUUID } from 'node:crypto';
import { packNotification as packAlipay } from '../../../server/sandbox/wallet/alipay/pack.ts';
import { createBestpayDialect } from '../../../server/sandbox/wallet/bestpay/dialect.ts';
import type { Packet, PacketFault } from '../../../server/sandbox/wallet/dialect.ts';
import { newDelivery } from '../../../server/sandbox/wallet/notifier.ts';
import type { WalletKeys } from '../../../server/sandbox/wallet/wallets.ts';
import { packNotification as packWechat } from '../../../server/sandbox/wallet/wechat/notification.ts';
import type { Channel } from '@bianmin/purchase/api/channels';
import { anyDigits, type Paying } from './world.ts';

/** A wallet's word that so much was paid under a number; what `changes` says is genuine and signed. */
export interface Notice {
  readonly channel: Channel;
  readonly about: Pick<Paying, 'paymentNo' | 'amountFen'>;
  readonly transactionId?: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly fault?: PacketFault;
  /** When it was signed; absent: now. */
  readonly at?: number;
}

/** `2026-01-15T10:00:00+08:00` */
const chinaIso = (ms: number): string =>
  new Date(ms + 8 * 3_600_000).toISOString().replace(/\.\d+Z$/u, '+08:00');
const stamp = (ms: number): string => chinaIso(ms).slice(0, 19).replace('T', ' ');

/** A notification of one wallet as it goes over the wire, signed with that wallet's own key where no fault says otherwise. */
export function noticeOf(keys: WalletKeys, notice: Notice): Packet {
  const { channel, about, changes = {}, fault, at = Date.now() } = notice;
  const transactionId = notice.transactionId ?? `42${anyDigits(26)}`;
  const content = { ...CONTENT[channel](keys, about, { transactionId, at }), ...changes };
  const event = channel === 'wechat' ? 'TRANSACTION.SUCCESS' : 'PAY';
  const made = { kind: 'payment', event, about: about.paymentNo, url: '', content, createdAt: at } as const;
  const init = { delivery: newDelivery(made), nowMs: at, signWith: 'publicKeyMode', fault } as const;
  if (channel === 'wechat') return packWechat(keys.wechat, init);
  if (channel === 'alipay') return packAlipay(keys.alipay, init);
  const context = { now: () => at, baseUrl: () => '' };
  return createBestpayDialect(keys.bestpay, context as never).pack(init);
}

type Content = (
  keys: WalletKeys,
  about: Notice['about'],
  of: { readonly transactionId: string; readonly at: number },
) => Record<string, unknown>;

const CONTENT: Readonly<Record<Channel, Content>> = {
  wechat: ({ wechat }, { paymentNo, amountFen }, { transactionId, at }) => ({
    ...{ appid: wechat.appid, mchid: wechat.mchid, out_trade_no: paymentNo, transaction_id: transactionId },
    ...{ trade_state: 'SUCCESS', trade_state_desc: '支付成功', trade_type: 'NATIVE', bank_type: 'OTHERS' },
    ...{ success_time: chinaIso(at), payer: { openid: `o${randomUUID()}` } },
    amount: { total: amountFen, payer_total: amountFen, currency: 'CNY', payer_currency: 'CNY' },
  }),
  alipay: ({ alipay }, { paymentNo, amountFen }, { transactionId, at }) => ({
    ...{ notify_type: 'trade_status_sync', app_id: alipay.appId, seller_id: alipay.sellerId },
    ...{ out_trade_no: paymentNo, trade_no: transactionId, trade_status: 'TRADE_SUCCESS' },
    ...{ total_amount: (amountFen / 100).toFixed(2), gmt_payment: stamp(at) },
  }),
  bestpay: ({ bestpay }, { paymentNo, amountFen }, { transactionId, at }) => ({
    ...{ institutionCode: bestpay.institutionCode, merchantNo: bestpay.merchantNo },
    ...{
      outTradeNo: paymentNo,
      tradeNo: transactionId,
      totalAmt: String(amountFen),
      payAmt: String(amountFen),
    },
    ...{ payFinishedDate: stamp(at), payTool: 'BESTPAY', notifyType: 'PAY', tradeStatus: 'SUCCESS' },
  }),
};
