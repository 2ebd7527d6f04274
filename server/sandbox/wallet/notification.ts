import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { NotifyFault } from './faults.ts';
import type { KeyMode, WalletKeys } from './keys.ts';
import { sealResource, signPlatform } from './signing.ts';
import { chinaTime } from './time.ts';

/** One notification and how far its delivery is. Times are ms since the epoch. */
export const delivery = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['payment', 'refund']),
  /** `TRANSACTION.SUCCESS`, `REFUND.SUCCESS`, … */
  event: z.string(),
  /** The payment's or the refund's number. */
  about: z.string(),
  url: z.string(),
  content: z.record(z.string(), z.unknown()),
  createdAt: z.int(),
  attempts: z.array(z.strictObject({ at: z.int(), answer: z.string() })),
  status: z.enum(['pending', 'acknowledged', 'given-up', 'lost']),
});
export type Delivery = z.infer<typeof delivery>;

export interface Packet {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PacketInit {
  readonly delivery: Delivery;
  readonly keys: WalletKeys;
  readonly mode: KeyMode;
  readonly nowMs: number;
  readonly fault?: NotifyFault | undefined;
}

const STALE_MS = 10 * 60 * 1000;

/** A notification as it goes over the wire: sealed, signed, and wrong in the way that `fault` says. */
export function packNotification({ delivery, keys, mode, nowMs, fault }: PacketInit): Packet {
  const type = delivery.kind === 'payment' ? 'transaction' : 'refund';
  const apiV3Key = fault === 'other-key' ? randomBytes(16).toString('hex') : keys.apiV3Key;
  const body = JSON.stringify({
    id: delivery.id,
    create_time: chinaTime(delivery.createdAt),
    resource_type: 'encrypt-resource',
    event_type: delivery.event,
    summary: delivery.kind === 'payment' ? '支付成功' : '退款通知',
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

/** A fresh delivery of `content` to `url`. */
export function newDelivery(
  init: Pick<Delivery, 'kind' | 'event' | 'about' | 'url' | 'content' | 'createdAt'>,
): Delivery {
  return { id: randomUUID(), ...init, attempts: [], status: 'pending' };
}

type Content = Delivery['content'];

/** What a genuine notification says that it should not. */
const CHANGES: Readonly<Partial<Record<NotifyFault, (content: Content) => Content>>> = {
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

function changed(content: Content, fault: NotifyFault | undefined): Content {
  const change = fault === undefined ? undefined : CHANGES[fault];
  return change === undefined ? content : change(content);
}

function flipBit(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString('base64');
}

function strangerKeys(keys: WalletKeys, mode: KeyMode): WalletKeys {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { ...keys, [mode]: { ...keys[mode], serial: 'PUB_KEY_ID_0999999999', privateKey } };
}
