import type { Channel } from '@bianmin/purchase/api/channels';
import { orderNoOf } from '../../orders/model/order-no.ts';
import type { BillTotals, ChannelBillRow, PaymentChannel } from '../../gateways/payment/contract.ts';
import { billError } from './bill-error.ts';
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

/** A stranger's number in a line of ours. */
function plain(text: string): string {
  return text.replaceAll(/[,\r\n]/gu, '_');
}
