import { cashOwedOf } from '../model/cash-owed.ts';
import type { Order, RefundStatus } from '../model/order.ts';
import { shardOf } from '../../kernel/shards.ts';
import { PROVINCE_PATH } from '../../kernel/org-path.ts';
import type { ArchivedDocument, Taking } from './order-archive.ts';
import type { OrderDocument } from './order-schema.ts';
import type { OpenRefundStatus } from './orders.ts';
import { openHolder, sealHolder } from '../../kernel/holder.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';

/** An order as it is stored. */
export function documentOf(order: Order, seal: NumberSeal): OrderDocument {
  const { saleSlot, dueAt, attention, kind, credit, archivedAt: _, ...rest } = order;
  const [transactions, openRefunds] = [transactionsOf(order), openRefundsOf(order)];
  const cashOwed = owingFloatsOf(order);
  return {
    ...rest,
    ...(transactions.length === 0 ? {} : { transactions }),
    ...(openRefunds.length === 0 ? {} : { openRefunds }),
    ...(cashOwed.length === 0 ? {} : { cashOwed }),
    ...(kind === 'card' ? {} : { kind }),
    ...(kind === 'card' && credit.status === 'none' ? {} : { credit }),
    customerNo: seal.seal(order.customerNo),
    ...(order.holder === undefined ? {} : { holder: sealHolder(seal, order.holder) }),
    ...(saleSlot === null ? {} : { saleSlot }),
    ...(dueAt === null ? {} : { dueAt, dueShard: shardOf(order._id) }),
    ...(attention === null ? {} : { attention }),
  };
}

/** And back. Throws where the customer number was sealed under another key. */
export function orderOfDocument(document: OrderDocument | ArchivedDocument, seal: NumberSeal): Order {
  const { transactions: _, openRefunds: __, dueShard: ___, archiving: ____, ...stored } = document;
  const { moving: _____, cashOwed: ______, ...rest } = { moving: undefined, ...stored };
  return {
    ...rest,
    orgPath: document.orgPath ?? PROVINCE_PATH,
    kind: document.kind ?? 'card',
    credit: document.credit ?? { status: 'none' },
    customerNo: seal.open(document.customerNo),
    ...(document.holder === undefined ? {} : { holder: openHolder(seal, document.holder) }),
    saleSlot: document.saleSlot ?? null,
    dueAt: document.dueAt ?? null,
    attention: document.attention ?? null,
  };
}

/** What no two payments of all orders may share. */
export function transactionsOf({ payments }: Pick<Order, 'payments'>): string[] {
  return payments.flatMap(({ channel, transactionId }) =>
    transactionId === undefined ? [] : [`${channel}:${transactionId}`],
  );
}

/** What a move takes that the order did not have: mostly nothing. */
export function takingOf(before: Order, after: Order): Taking {
  const had = transactionsOf(before);
  return {
    saleSlot: after.saleSlot === before.saleSlot ? undefined : (after.saleSlot ?? undefined),
    transactions: transactionsOf(after).filter((each) => !had.includes(each)),
  };
}

/** Statuses of refunds that are not over, each once. */
export function openRefundsOf({ refunds }: Pick<Order, 'refunds'>): OpenRefundStatus[] {
  return [...new Set(refunds.map(({ status }) => status).filter(isOpen))];
}

/** Floats at whose counters cash of an order waits, each once. */
export function owingFloatsOf(order: Order): string[] {
  return [...new Set(cashOwedOf(order).map(({ float }) => float))];
}

function isOpen(status: RefundStatus): status is OpenRefundStatus {
  return status !== 'done' && status !== 'rejected';
}
