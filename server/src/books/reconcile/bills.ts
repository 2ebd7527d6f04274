import { createHash } from 'node:crypto';
import { codeOf } from '@bianmin/shared/errors';
import type { Channel } from '@bianmin/shared/api/scalars';
import { orderNoOf } from '../../domain/order-no.ts';
import type { GridGateway } from '../../grid/contract.ts';
import { GridError } from '../../grid/error.ts';
import type { BillTotals, ChannelBillRow, PaymentChannel } from '../../payment/contract.ts';
import { ReconcileError } from './error.ts';
import type { MeterCredit } from './account-check.ts';
import { channelLine } from './order-lines.ts';

/** One side's paper of one day, as it was used. */
export interface Source {
  /** `channel:wechat`, `grid:collection-v1`. */
  readonly source: string;
  readonly day: string;
  readonly sha256: string;
  readonly totals: Readonly<Record<string, number>>;
}

/** A channel's bill as lines of `engine/layout.ts`; hash and totals hold, or it throws before the first. */
export async function* channelBillLines(
  channel: PaymentChannel,
  day: string,
  onSource: (source: Source, totals: BillTotals) => void,
): AsyncGenerator<string> {
  const bill = await channel.downloadBill(day).catch((error: unknown) => {
    throw billError(error, `channel:${channel.channel}`, day);
  });
  try {
    onSource(
      { source: `channel:${channel.channel}`, day, sha256: bill.sha256, totals: { ...bill.totals } },
      bill.totals,
    );
    for await (const row of bill.rows()) yield lineOf(channel.channel, row);
  } finally {
    await bill.close();
  }
}

function lineOf(channel: Channel, row: ChannelBillRow): string {
  const refund = row.kind === 'refund';
  const no = plain(refund ? row.refundNo : row.paymentNo);
  return channelLine(
    {
      ...{ pair: 'channel', from: 'bill', parts: [], fen: row.fen, at: row.at.toISOString() },
      orderNo: orderNoOf(row.paymentNo) ?? plain(row.paymentNo),
      item: `${channel}/${no}`,
      transactionId: refund ? '' : plain(row.transactionId),
      status: refund ? `refund-${row.status}` : 'paid',
    },
    row.feeMilliFen,
  );
}

/** The grid's bill as it is: its hash and totals hold, or it throws. */
export async function gridBillText(
  grid: Pick<GridGateway, 'grid' | 'dailyBill'>,
  day: string,
  onSource: (source: Source, credits: readonly MeterCredit[]) => void,
): Promise<string> {
  const source = `grid:${grid.grid}`;
  const bill = await grid.dailyBill(day).catch((error: unknown) => {
    throw billError(error, source, day);
  });
  const sha256 = createHash('sha256').update(bill.content, 'utf8').digest('hex');
  if (sha256 !== bill.sha256) throw unsound(source, day, 'its hash is another');
  const { totals } = bill;
  const found = gridTotals(bill.content);
  for (const name of ['sales', 'soldFen', 'reversals', 'reversedFen'] as const) {
    if (found[name] !== totals[name]) throw unsound(source, day, `its lines do not add up to its ${name}`);
  }
  onSource({ source, day, sha256, totals: found }, creditsOf(bill.content));
  return bill.content;
}

/** What meters have taken, by the grid's bill: from afar, or by a card whose return data told of it. */
function creditsOf(content: string): MeterCredit[] {
  return content
    .split('\n')
    .map((line) => line.split(','))
    .filter((columns) => columns[10] === 'credited')
    .map((columns) => ({ orderNo: columns[0] ?? '', fen: Number(columns[6]) }));
}

/** Counts and sums of a grid's bill; parts of what was sold less what was undone. */
export function gridTotals(
  content: string,
): Record<'sales' | 'soldFen' | 'reversals' | 'reversedFen' | 'creditFen' | 'arrearsFen' | 'feeFen', number> {
  const sums = {
    ...{ sales: 0, soldFen: 0, reversals: 0, reversedFen: 0 },
    ...{ creditFen: 0, arrearsFen: 0, feeFen: 0 },
  };
  for (const line of content.split('\n')) {
    const columns = line.split(',');
    const status = columns[10];
    if (status !== 'sold' && status !== 'reversed') continue;
    const [face = 0, credit = 0, arrears = 0, fee = 0] = columns.slice(5, 9).map(Number);
    const sign = status === 'sold' ? 1 : -1;
    if (status === 'sold') {
      sums.sales += 1;
      sums.soldFen += face;
    } else {
      sums.reversals += 1;
      sums.reversedFen += face;
    }
    sums.creditFen += sign * credit;
    sums.arrearsFen += sign * arrears;
    sums.feeFen += sign * fee;
  }
  return sums;
}

function billError(error: unknown, source: string, day: string): unknown {
  const code = codeOf(error);
  if (code === 'payment.mismatch') return unsound(source, day, 'it does not agree with itself', error);
  if (code === 'payment.unavailable' || code === 'grid.unavailable' || isCutLater(error)) {
    return new ReconcileError({
      code: 'reconcile.not-ready',
      message: `The bill of ${source} for ${day} is not there yet. It is asked for again by itself.`,
      cause: error,
      context: { source, day },
    });
  }
  return error;
}

function isCutLater(error: unknown): boolean {
  return error instanceof GridError && error.refusal === 'day-cut';
}

function unsound(source: string, day: string, why: string, cause?: unknown): ReconcileError {
  return new ReconcileError({
    code: 'reconcile.bill-unsound',
    message: `The bill of ${source} for ${day} cannot be used: ${why}. Nothing was taken from it; fetch it again or ask them.`,
    cause,
    context: { source, day },
  });
}

/** A stranger's number in a line of ours. */
function plain(text: string): string {
  return text.replaceAll(/[,\r\n]/gu, '_');
}
