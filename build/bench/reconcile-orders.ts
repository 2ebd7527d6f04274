import { connectDatabase } from '../../server/src/store/connection.ts';
import type { Order } from '../../server/src/domain/order.ts';
import { flawOf, plannedOrder } from './reconcile-input.ts';

const BATCH = 5000;
const EVENTS = [
  'order.created',
  'payment.created',
  'payment.pending',
  'payment.succeeded',
  'sale.sent',
  'sale.sold',
  'write.released',
  'write.written',
  'write.confirmed',
];

/** The same orders as in the exported file, as a server would have them; quickly, since nobody will miss them. */
export async function storeOrders(
  uri: string,
  init: { rows: number; seed: number; report: (line: string) => void },
): Promise<void> {
  const db = await connectDatabase(uri);
  try {
    const orders = db.collection<Order>('orders');
    await orders.createIndex({ updatedAt: 1, _id: 1 });
    for (let from = 0; from < init.rows; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, init.rows - from) }, (_, n) =>
        storedOrder(from + n, init),
      );
      await orders.insertMany(batch as unknown as Order[], { ordered: false, writeConcern: { w: 1 } });
      if (from % (BATCH * 40) === 0) init.report(`${from} of ${init.rows} orders stored`);
    }
  } finally {
    await db.close();
  }
}

function storedOrder(index: number, { rows, seed }: { rows: number; seed: number }): object {
  const { orderNo, money, sale } = plannedOrder(index, rows);
  const flaw = flawOf(index, seed);
  const at = new Date(money.at);
  const [creditFen = 0, arrearsFen = 0, feeFen = 0] = sale.parts;
  const paid = flaw !== 'CHANNEL_ONLY';
  const status = flaw === 'GRID_ONLY' ? 'none' : flaw === 'STATUS_DIFF' ? 'rejected' : 'sold';
  return {
    ...{ _id: orderNo, version: EVENTS.length, state: 'done', terminalId: 'T1', entry: 'kiosk' },
    ...{ faceFen: money.fen, discountFen: 0, paidFen: money.fen, grid: 'collection-v1' },
    ...{ customerNo: 'x'.repeat(40), meterNo: String(index).padStart(12, '0'), chip: 'SLE4442' },
    ...{ serial: String(index).padStart(16, '0'), imageDigest: 'a'.repeat(64), count: 2 },
    payments: paid
      ? [
          {
            ...{ no: `${orderNo}p1`, channel: 'wechat', status: 'succeeded', amountFen: money.fen },
            ...{ codeUrl: null, createdAt: at, expiresAt: at, paidAt: at, funds: true },
            transactionId: money.transactionId,
          },
        ]
      : [],
    sale:
      status === 'none'
        ? { status }
        : {
            ...{ status, sentAt: at, firstSentAt: at, tries: 1 },
            ...(status === 'sold' ? { saleNo: sale.item, creditFen, arrearsFen, feeFen } : {}),
          },
    ...{ reversal: { status: 'none' }, write: { status: 'written', at }, refunds: [] },
    ...{ closure: { status: 'open' }, watchers: ['T1'], createdAt: at, updatedAt: at },
    events: EVENTS.map((name, n) => ({ n: n + 1, at, name, by: 'system' })),
  };
}
