import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PackInit, Packet, PacketFault } from '../dialect.ts';
import type { Delivery } from '../model.ts';
import { chinaTime } from '../time.ts';
import type { KeyMode, WechatKeys } from './keys.ts';
import { sealResource, signPlatform } from './signing.ts';

const KINDS = {
  payment: { type: 'transaction', summary: '支付成功' },
  refund: { type: 'refund', summary: '退款通知' },
  complaint: { type: 'complaint', summary: '投诉通知' },
} as const;

const STALE_MS = 10 * 60 * 1000;

/** A notification as it goes over the wire: sealed, signed, and wrong in the way that `fault` says. */
export function packNotification(keys: WechatKeys, init: PackInit): Packet {
  const { delivery, signWith: mode, nowMs, fault } = init;
  const { type, summary } = KINDS[delivery.kind];
  const apiV3Key = fault === 'other-key' ? randomBytes(16).toString('hex') : keys.apiV3Key;
  const body = JSON.stringify({
    id: delivery.id,
    create_time: chinaTime(delivery.createdAt),
    resource_type: 'encrypt-resource',
    event_type: delivery.event,
    summary,
    resource: sealResource(apiV3Key, type, JSON.stringify(changed(delivery.content, fault))),
  });
  const signed = signPlatform({
    keys: fault === 'unknown-serial' ? strangerKeys(keys, mode) : keys,
    mode,
    nowMs: fault === 'stale' ? nowMs - STALE_MS : nowMs,
    body,
  });
  const signature = signed['Wechatpay-Signature'] ?? '';
  return {
    headers: {
      'Content-Type': 'application/json',
      Accept: '*/*',
      'User-Agent': 'Mozilla/4.0',
      ...signed,
      ...(fault === 'bad-signature' ? { 'Wechatpay-Signature': flipBit(signature) } : {}),
      ...(fault === 'signtest' ? { 'Wechatpay-Signature': `WECHATPAY/SIGNTEST/${signature}` } : {}),
    },
    body: fault === 'tampered' ? body.replace('"create_time"', '"create-time"') : body,
  };
}

type Content = Delivery['content'];

/** What a genuine notification says that it should not. */
const CHANGES: Readonly<Partial<Record<PacketFault, (content: Content) => Content>>> = {
  'wrong-amount': (content) => {
    const amount = content['amount'] as { total: number };
    return { ...content, amount: { ...amount, total: amount.total - 1 } };
  },
  'foreign-currency': (content) => ({
    ...content,
    amount: { ...(content['amount'] as Content), currency: 'USD' },
  }),
  'foreign-merchant': (content) => ({ ...content, mchid: '1600000000' }),
  'foreign-app': (content) => ({ ...content, appid: 'wx0000000000000000' }),
};

function changed(content: Content, fault: PacketFault | undefined): Content {
  const change = fault === undefined ? undefined : CHANGES[fault];
  return change === undefined ? content : change(content);
}

function flipBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
}

function strangerKeys(keys: WechatKeys, mode: KeyMode): WechatKeys {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { ...keys, [mode]: { ...keys[mode], serial: 'PUB_KEY_ID_0999999999', privateKey } };
}
