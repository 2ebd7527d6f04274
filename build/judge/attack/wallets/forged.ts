import { CHANNELS, type Channel } from '@bianmin/purchase/api/channels';
import type { PacketFault } from '../../../../server/sandbox/wallet/dialect.ts';
import type { Attack } from '../attack.ts';
import { noticeOf, type Notice } from './notices.ts';
import { instead, never, type Patch } from '../patch.ts';
import { told } from './told.ts';

const WECHAT = 'server/src/gateways/payment/wechat/notification.ts';
const ALIPAY = 'server/src/gateways/payment/alipay/notification.ts';
const BESTPAY = 'server/src/gateways/payment/bestpay/notification.ts';
const TAKING = 'server/src/orders/desk/notifications.ts';
const PAYMENT = 'server/src/orders/model/moves/payment.ts';

/** What proves who sent it. */
export const SIGNATURE: Readonly<Record<Channel, Patch>> = {
  wechat: instead(WECHAT, "verifyBytes('sha256', signed, key, bytes)", 'true'),
  alipay: never(ALIPAY, "!isSigned(trust, fields.get('alipay_cert_sn'), content, signature)"),
  bestpay: instead(
    'server/src/gateways/payment/bestpay/answer.ts',
    'isSigned(text, sign, { keys, algorithms: signing.answers })',
    'true',
  ),
};

/** What says that it is about us. */
const MERCHANT: Readonly<Record<Channel, Patch>> = {
  wechat: never(WECHAT, 'paid.mchid !== trust.mchid'),
  alipay: never(ALIPAY, 'said.seller_id !== trust.sellerId'),
  bestpay: never(BESTPAY, 'said.merchantNo !== init.merchantNo'),
};

/** What says that it is about this application of ours. */
const APPLICATION: Readonly<Record<Channel, Patch>> = {
  wechat: never(WECHAT, 'paid.appid !== trust.appid'),
  alipay: never(ALIPAY, 'said.app_id !== trust.appId'),
  bestpay: never(BESTPAY, '(said.institutionCode ?? init.institutionCode) !== init.institutionCode'),
};

/** A packet that is wrong in one way, about an order of its own that waits to be paid. */
function lie(init: {
  readonly attack: string;
  readonly name: string;
  readonly channel: Channel;
  readonly short?: true;
  readonly removes: readonly Patch[];
  readonly notice: Partial<Notice> & { readonly fault?: PacketFault };
}): Attack {
  const { channel, notice, ...attack } = init;
  return {
    ...attack,
    attempt: async (world) => {
      const order = await world.paying(channel);
      const packet = noticeOf(world.wallets, { channel, about: order, ...notice });
      return told(world, order, { channel, packet });
    },
  };
}

const perChannel = CHANNELS.flatMap((channel): Attack[] => [
  lie({
    attack: `${channel}-forged`,
    name: `A stranger tells of a payment by ${channel} that nobody made`,
    channel,
    short: true,
    removes: [SIGNATURE[channel]],
    notice: { fault: 'bad-signature' },
  }),
  lie({
    attack: `${channel}-other-merchant`,
    name: `A genuine ${channel} notification of another merchant's sale is sent to us`,
    channel,
    removes: [MERCHANT[channel]],
    notice: { fault: 'foreign-merchant' },
  }),
  lie({
    attack: `${channel}-other-application`,
    name: `A genuine ${channel} notification of another application is sent to us`,
    channel,
    removes: [APPLICATION[channel]],
    notice: { fault: 'foreign-app' },
  }),
]);

export const forged: readonly Attack[] = [
  ...perChannel,
  {
    attack: 'wallet-amount',
    short: true,
    name: 'Less is paid than the order costs, and the wallet truly says so',
    removes: [never(PAYMENT, 'payment.amountFen !== success.amountFen')],
    attempt: async (world) => {
      const order = await world.paying();
      const about = { ...order, amountFen: 1 };
      return told(world, order, {
        channel: 'wechat',
        packet: noticeOf(world.wallets, { channel: 'wechat', about }),
      });
    },
  },
  lie({
    attack: 'wechat-currency',
    name: 'So many Hong Kong cents are paid instead of fen',
    channel: 'wechat',
    removes: [never(WECHAT, "paid.amount.currency !== 'CNY'")],
    notice: { fault: 'foreign-currency' },
  }),
  {
    attack: 'wechat-kept-back',
    name: 'A genuine notification is held back and played ten minutes later',
    removes: [never(WECHAT, 'Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_S')],
    attempt: async (world) => {
      const order = await world.paying();
      const at = Date.now() - 600_000;
      const packet = noticeOf(world.wallets, { channel: 'wechat', about: order, at });
      return told(world, order, { channel: 'wechat', packet });
    },
  },
  {
    attack: 'wallet-other-channel',
    name: "One wallet's word is used for a payment that was begun with another",
    removes: [never(TAKING, 'about !== undefined && about.channel !== channel')],
    attempt: async (world) => {
      const order = await world.paying('wechat');
      const packet = noticeOf(world.wallets, { channel: 'alipay', about: order });
      return told(world, order, { channel: 'alipay', packet });
    },
  },
  {
    attack: 'bestpay-ambiguous',
    name: "A payer writes fields into a text of their own, so that Bestpay's signature fits another order",
    removes: [never('server/src/gateways/payment/bestpay/answer.ts', 'isAmbiguous(fields)')],
    attempt: async (world) => {
      const [own, victim] = [await world.paying('bestpay'), await world.paying('bestpay')];
      const orderDesc = `x&outTradeNo=${victim.paymentNo}&outZ=1`;
      const packet = noticeOf(world.wallets, { channel: 'bestpay', about: own, changes: { orderDesc } });
      const fields = JSON.parse(packet.body) as Record<string, unknown>;
      const split = { orderDesc: 'x', outTradeNo: victim.paymentNo, outZ: `1&outTradeNo=${own.paymentNo}` };
      const body = JSON.stringify({ ...fields, ...split });
      return told(world, victim, { channel: 'bestpay', packet: { ...packet, body } });
    },
  },
];
