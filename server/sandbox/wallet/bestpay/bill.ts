import { createHash } from 'node:crypto';
import { told } from '../../bill-lies.ts';
import type { BillEntry } from '../../bill-lies.ts';
import type { AnsweringBook } from '../dialect.ts';
import { FEE_PER_MILLE } from '../constants.ts';
import { chinaDay } from '../time.ts';
import { stamp } from './views.ts';

// The layout is the sandbox's own: no report shows a bill of Bestpay.
const HEAD = 'outTradeNo|outRefundNo|tradeNo|amt|feeMilli|finishedDate';

interface Row extends BillEntry {
  readonly kind: 'payment' | 'refund';
  /** Of a refund, its payment's number. */
  readonly ofTrade: string;
  readonly tradeNo: string;
}

export interface Bill {
  readonly file: Buffer;
  /** As the signed answer tells it; fees in thousandths of a fen, what went back with refunds as less. */
  readonly totals: Readonly<
    Record<'payments' | 'paidFen' | 'refunds' | 'refundedFen' | 'feeMilliFen', number>
  >;
  readonly sha256: string;
}

/** One day's bill, with the lies and faults that the knobs ask for. */
export function billOf({ ledger, faults }: AnsweringBook, day: string): Bill {
  const { billLies, billFault } = faults.settings;
  const payments = ledger.trades.flatMap((trade) =>
    trade.transactions.map(({ id, paidAt, totalFen }): Row => ({
      kind: 'payment',
      number: trade.outTradeNo,
      ofTrade: trade.outTradeNo,
      tradeNo: id,
      at: paidAt,
      fen: totalFen,
    })),
  );
  const refunds = ledger.refunds
    .filter(({ status }) => status === 'SUCCESS')
    .map((each): Row => ({
      kind: 'refund',
      number: each.outRefundNo,
      ofTrade: each.outTradeNo,
      tradeNo: each.transactionId,
      at: each.successAt ?? each.createdAt,
      fen: each.refundFen,
    }));
  const rows = [...told(payments, billLies), ...told(refunds, billLies)]
    .filter(({ at }) => chinaDay(at) === day)
    .sort((a, b) => a.at - b.at);
  const file = Buffer.from([HEAD, ...rows.map(line)].map((each) => `${each}\n`).join(''));
  const sha256 = createHash('sha256').update(file).digest('hex');
  const [paid, back] = [
    rows.filter(({ kind }) => kind === 'payment'),
    rows.filter(({ kind }) => kind === 'refund'),
  ];
  return {
    file,
    totals: {
      payments: paid.length + (billFault === 'totals' ? 1 : 0),
      paidFen: sum(paid.map(({ fen }) => fen)),
      refunds: back.length,
      refundedFen: sum(back.map(({ fen }) => fen)),
      feeMilliFen: sum(rows.map(feeMilliFen)),
    },
    sha256: billFault === 'hash' ? '0'.repeat(64) : sha256,
  };
}

function line(row: Row): string {
  const refund = row.kind === 'refund';
  return [
    refund ? row.ofTrade : row.number,
    refund ? row.number : '',
    row.tradeNo,
    row.fen,
    feeMilliFen(row),
    stamp(row.at),
  ].join('|');
}

function feeMilliFen({ kind, fen }: Row): number {
  return (kind === 'payment' ? 1 : -1) * fen * FEE_PER_MILLE;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
