import { collectionOf, connectDatabase } from '../../../server/src/adapters/mongo/connection.ts';
import { documentOf } from '../../../server/src/orders/store/order-document.ts';
import type { OrderDocument } from '../../../server/src/orders/store/order-schema.ts';
import { NumberSeal } from '../../../server/src/kernel/sealed-number.ts';
import type { DifferenceKind } from '../../../server/src/orders/model/case-sink.ts';
import type { OrderEventName } from '../../../server/src/orders/model/order-events.ts';
import type { Order, OrderEvent } from '../../../server/src/orders/model/order.ts';
import { flawOf, plannedOrder } from './reconcile-input.ts';

const BATCH = 5000;
const DIGEST = 'a'.repeat(64);
const SEAL = new NumberSeal(Buffer.alloc(32, 1));
/** The same orders as in the exported file, as a server would have them; quickly, since they may be lost. */
export async function storeOrders(
  uri: string,
  init: { rows: number; seed: number; report: (line: string) => void },
): Promise<void> {
  const db = await connectDatabase(uri);
  try {
    const orders = collectionOf<OrderDocument>(db, 'orders');
    await orders.createIndex({ updatedAt: 1, _id: 1 });
    for (let from = 0; from < init.rows; from += BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, init.rows - from) }, (_, n) =>
        storedOrder(from + n, init),
      );
      await orders.insertMany(batch, { ordered: false, writeConcern: { w: 1 } });
      if (from % (BATCH * 40) === 0) init.report(`${from} of ${init.rows} orders stored`);
    }
  } finally {
    await db.close();
  }
}

/** As a server has it: written, with every field and event of a purchase by card. */
function storedOrder(index: number, { rows, seed }: { rows: number; seed: number }): OrderDocument {
  const { orderNo, money, sale } = plannedOrder(index, rows);
  const at = new Date(money.at);
  const no = `${orderNo}p1`;
  const [creditFen = 0, arrearsFen = 0, feeFen = 0] = sale.parts;
  const parts = { saleNo: sale.item, creditFen, arrearsFen, feeFen };
  const sent = { sentAt: at, firstSentAt: at, tries: 1 };
  const events = eventsOf({ no, fen: money.fen, parts }).map((each, n) => ({ ...each, n: n + 1, at }));
  const paid = { fen: money.fen, no, transactionId: money.transactionId };
  const order: Order = {
    _id: orderNo,
    version: events.length,
    state: 'done',
    ...whoAndWhat(index),
    faceFen: money.fen,
    discountFen: 0,
    paidFen: money.fen,
    payments: [paymentOf(paid, at)],
    sale: { status: 'sold', ...sent, ...parts, evidenceDigest: DIGEST },
    reversal: { status: 'none' },
    write: {
      status: 'written',
      lease: 1,
      terminalId: 'kiosk-0001',
      leaseUntil: at,
      at,
      imageDigest: DIGEST,
      confirmed: true,
    },
    credit: { status: 'none' },
    refunds: [],
    closure: { status: 'open' },
    attention: null,
    watchers: ['kiosk-0001'],
    events,
    createdAt: at,
    updatedAt: at,
    dueAt: null,
  };
  return documentOf({ ...order, ...flawed(flawOf(index, seed), sent) }, SEAL);
}

/** The household, its card and where it was sold to, of the order of this number. */
function whoAndWhat(index: number) {
  const digits = String(index).padStart(12, '0');
  return {
    idempotencyKey: `7d444840-9dc0-11d1-b245-${digits}`,
    idempotencyDigest: DIGEST,
    terminalId: 'kiosk-0001',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    orgPath: ['province', 'prefecture-01', 'county-0101', 'community-010101'],
    kind: 'card',
    entry: 'kiosk',
    grid: 'collection-v1',
    customerNo: `6501${digits.slice(4)}`,
    meterNo: digits,
    chip: 'SLE4442',
    serial: `0000${digits}`,
    imageDigest: DIGEST,
    count: 2,
    masked: { name: '张*', address: '天山区**小区3号楼', customerNo: '****0001' },
    saleSlot: `collection-v1:${digits}:2`,
  } as const satisfies Partial<Order>;
}

function paymentOf(
  { no, fen, transactionId }: { no: string; fen: number; transactionId: string },
  at: Date,
): Order['payments'][number] {
  return {
    no,
    channel: 'wechat',
    status: 'succeeded',
    amountFen: fen,
    codeUrl: null,
    createdAt: at,
    expiresAt: at,
    paidAt: at,
    transactionId,
    funds: true,
  };
}

function eventsOf(of: {
  readonly no: string;
  readonly fen: number;
  readonly parts: NonNullable<OrderEvent['data']>;
}): readonly Omit<OrderEvent, 'n' | 'at'>[] {
  const { no, fen, parts } = of;
  return [
    event('order.created', 'terminal', { faceFen: fen, discountFen: 0, kind: 'card' }),
    event('payment.created', 'terminal', { no, channel: 'wechat' }),
    event('payment.pending', 'channel', { no }),
    event('payment.succeeded', 'channel', { no, fen }),
    event('sale.sent', 'system', { count: 2 }),
    event('sale.sold', 'grid', { ...parts, count: 2 }),
    event('write.released', 'terminal', { terminalId: 'kiosk-0001', lease: 1 }),
    event('write.written', 'terminal', { terminalId: 'kiosk-0001', imageDigest: DIGEST }),
    event('write.confirmed', 'grid', {}),
  ];
}

/** What is otherwise with an order that has a flaw. */
function flawed(flaw: DifferenceKind | undefined, sent: Order['sale'] | object): Partial<Order> {
  if (flaw === 'CHANNEL_ONLY') return { payments: [] };
  if (flaw === 'GRID_ONLY') return { sale: { status: 'none' }, saleSlot: null };
  if (flaw === 'STATUS_DIFF') return { sale: { status: 'rejected', ...sent }, saleSlot: null };
  return {};
}

function event(
  name: OrderEventName,
  by: string,
  data: NonNullable<OrderEvent['data']>,
): Omit<OrderEvent, 'n' | 'at'> {
  return { name, by, data };
}
