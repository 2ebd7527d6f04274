import { randomUUID } from 'node:crypto';
import { packNotification } from '../../../server/sandbox/wallet/wechat/notification.ts';
import type { WechatKeys } from '../../../server/sandbox/wallet/wechat/keys.ts';
import { connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { MongoOrderStore } from '../../../server/src/orders/store/mongo-orders.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import { sampleOrder, samplePayment } from '../../../server/src/testing/order-samples.ts';

/** One notification as it goes over the wire, signed. */
export interface Packed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Orders that wait to be paid, and a signed word of each that it is; sealed as the web process opens them. */
export async function prepareNotifications(
  total: number,
  { uri, secret, keys }: { uri: string; secret: string; keys: WechatKeys },
): Promise<Packed[]> {
  const db = await connectDatabase(uri);
  try {
    const store = new MongoOrderStore({
      db,
      seal: new NumberSeal(Buffer.from(secret, 'hex')),
      wrote: () => undefined,
    });
    const packed: Packed[] = [];
    const insert = async (index: number): Promise<void> => {
      const orderNo = `260301100000${String(index).padStart(6, '0')}`;
      const no = `${orderNo}p1`;
      const made = { _id: orderNo, idempotencyKey: randomUUID(), state: 'paying', dueAt: null } as const;
      await store.insert(sampleOrder({ ...made, payments: [samplePayment({ no })] }));
      packed.push(packedSuccess(keys, no));
    };
    for (let from = 0; from < total; from += 50) {
      await Promise.all(Array.from({ length: Math.min(50, total - from) }, (_, n) => insert(from + n)));
    }
    return packed;
  } finally {
    await db.close();
  }
}

function packedSuccess(keys: WechatKeys, paymentNo: string): Packed {
  const now = Date.now();
  const content = {
    ...{ appid: keys.appid, mchid: keys.mchid, out_trade_no: paymentNo, trade_state: 'SUCCESS' },
    ...{ trade_state_desc: '支付成功', trade_type: 'NATIVE', bank_type: 'OTHERS', payer: { openid: 'o1' } },
    transaction_id: `42000${paymentNo.slice(0, 18)}`,
    success_time: new Date(now).toISOString(),
    amount: { total: 5000, payer_total: 5000, currency: 'CNY', payer_currency: 'CNY' },
  };
  return packNotification(keys, {
    delivery: {
      id: randomUUID(),
      kind: 'payment',
      event: 'TRANSACTION.SUCCESS',
      about: paymentNo,
      url: '',
      content,
      createdAt: now,
      attempts: [],
      status: 'pending',
    },
    signWith: 'publicKeyMode',
    nowMs: now,
  });
}
