import type { UnevenLine } from './engine/engine.ts';

/** `channel`: channel bill beside orders. `grid`: grid bill beside orders. */
type Pair = 'channel' | 'grid';

/** One thing that one side says of an order: a payment, a refund, a sale, a reversal. */
export interface Item {
  readonly orderNo: string;
  readonly pair: Pair;
  readonly from: 'bill' | 'orders';
  /** `wechat/NUMBER` of a payment or refund; the grid's sale number, empty where the order does not know it. */
  readonly item: string;
  /** Of a payment; else empty. */
  readonly transactionId: string;
  readonly fen: number;
  /** `paid`, `refund-done`, …; `sold`, `reversed`, and what the order says that the grid did not do. */
  readonly status: string;
  /** A sale's credit, arrears and fee. */
  readonly parts: readonly number[];
  /** ISO 8601; empty where it is not known. */
  readonly at: string;
}

/**
 * What an order says of itself and no bill has to have: not written down for a comparison, and no difference where it has no
 * counterpart.
 */
export const UNBOOKED: ReadonlySet<string> = new Set([
  'unpaid',
  'refund-approved',
  'refund-rejected',
  'refund-elsewhere',
  'unsold',
  'undone',
]);

/** What a line says; an order's can say something to both pairs. */
export function itemsOf(line: UnevenLine): Item[] {
  const columns = line.text.split(',');
  const at = (index: number): string => columns[index] ?? '';
  const orderNo = at(0);
  switch (line.side) {
    case 'channel':
      return [
        {
          ...{ orderNo, pair: 'channel', from: 'bill', parts: [] },
          ...{ item: at(1), transactionId: at(2), fen: Number(at(3)), status: at(4), at: at(6) },
        },
      ];
    case 'grid':
      return [
        {
          ...{ orderNo, pair: 'grid', from: 'bill', transactionId: '' },
          ...{ item: at(1), fen: Number(at(5)), status: at(10), at: at(11) },
          parts: [Number(at(6)), Number(at(7)), Number(at(8))],
        },
      ];
    case 'orders': {
      const money: Item = {
        ...{ orderNo, pair: 'channel', from: 'orders', parts: [] },
        ...{ item: at(1), transactionId: at(2), fen: Number(at(3)), status: at(4), at: at(11) },
      };
      const sale: Item = {
        ...{ orderNo, pair: 'grid', from: 'orders', transactionId: '' },
        ...{ item: at(5), fen: Number(at(6)), status: at(10), at: at(12) },
        parts: [Number(at(7)), Number(at(8)), Number(at(9))],
      };
      return [money, sale].filter(({ status }) => status !== '');
    }
  }
}
