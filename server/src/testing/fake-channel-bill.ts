import { createHash } from 'node:crypto';
import type { Channel } from '@bianmin/purchase/api/channels';
import { checkedBill } from '../gateways/payment/bill.ts';
import type { ChannelBill, ChannelBillRow } from '../gateways/payment/contract.ts';
import { chinaDay } from '../kernel/china-time.ts';
import type { Given } from './fake-channel-refunds.ts';
import type { Trade } from './fake-channel-trades.ts';

/** Whatever was paid and given back on that day; a fake channel keeps six in a thousand. */
export function fakeChannelBill(
  of: { channel: Channel; day: string },
  trades: readonly Trade[],
  refunds: readonly Given[],
): Promise<ChannelBill> {
  const rows = [...trades.flatMap(paymentRows), ...refunds.map((refund) => refundRow(refund, trades))].filter(
    ({ at }) => chinaDay(at) === of.day,
  );
  return checkedBill({
    channel: of.channel,
    day: of.day,
    sha256: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
    rows: async function* () {
      yield* rows;
    },
    told: () => ({ rows: rows.length }),
    close: () => Promise.resolve(),
  });
}

function paymentRows({ request, transactions }: Trade): ChannelBillRow[] {
  const { paymentNo, amountFen: fen } = request;
  return transactions.map(({ id, at }): ChannelBillRow => {
    return { kind: 'payment', paymentNo, transactionId: id, fen, feeMilliFen: fen * 6, at: new Date(at) };
  });
}

function refundRow(refund: Given, trades: readonly Trade[]): ChannelBillRow {
  const { refundNo, transactionId, fen, at, status } = refund;
  const of = trades.find(({ transactions }) => transactions.some(({ id }) => id === transactionId));
  return {
    kind: 'refund',
    paymentNo: of?.request.paymentNo ?? '',
    refundNo,
    transactionId,
    fen,
    feeMilliFen: fen * -6,
    at: new Date(at),
    status,
  };
}
