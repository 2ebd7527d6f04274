import { createHash } from 'node:crypto';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { GridBill } from '../gateways/grid/contract.ts';
import type { ChannelBillRow, PaymentChannel } from '../gateways/payment/contract.ts';
import { PaymentError } from '../gateways/payment/error.ts';
import { feeFenOf } from './bill-fee.ts';
import { textBill } from './text-bill.ts';

/** A channel's and a grid's papers, as the test writes them. */
export class Papers {
  readonly rows = new Map<string, ChannelBillRow[]>();
  readonly lines = new Map<string, string[]>();
  ready = true;
  /** Whether there are papers at all. */
  bills = true;
  /** What becomes of a grid's bill on its way. */
  received = (bill: GridBill): GridBill => bill;

  channel(name: Channel = 'wechat'): PaymentChannel {
    const hasBills = (): boolean => this.bills;
    const downloadBill: PaymentChannel['downloadBill'] = (day) => {
      if (!this.bills) throw new Error('A bill was asked of who has none.');
      if (!this.ready) {
        const message = 'The bill is not ready. Ask again later.';
        return Promise.reject(new PaymentError({ code: 'payment.unavailable', message }));
      }
      const rows = this.rows.get(day) ?? [];
      const of = (kind: ChannelBillRow['kind']) => rows.filter((row) => row.kind === kind);
      const sum = (kind: ChannelBillRow['kind']) => of(kind).reduce((fen, row) => fen + row.fen, 0);
      return Promise.resolve({
        day,
        sha256: createHash('sha256').update(JSON.stringify(rows)).digest('hex'),
        totals: {
          payments: of('payment').length,
          paidFen: sum('payment'),
          refunds: of('refund').length,
          refundedFen: sum('refund'),
          feeFen: feeFenOf(rows),
        },
        rows: async function* () {
          yield* rows;
        },
        close: () => Promise.resolve(),
      });
    };
    return {
      channel: name,
      downloadBill,
      get bills() {
        return hasBills();
      },
    } as PaymentChannel;
  }

  grid(): { grid: string; bills: boolean; dailyBill: (day: string) => Promise<GridBill> } {
    const hasBills = (): boolean => this.bills;
    return {
      grid: 'collection-v1',
      get bills() {
        return hasBills();
      },
      dailyBill: (day) => {
        if (!this.bills) throw new Error('A bill was asked of who has none.');
        const content = (this.lines.get(day) ?? []).map((line) => `${line}\n`).join('');
        const fen = (status: string): number[] =>
          content
            .split('\n')
            .filter((line) => line.split(',')[10] === status)
            .map((line) => Number(line.split(',')[5]));
        const sum = (fens: number[]): number => fens.reduce((total, each) => total + each, 0);
        const bill = textBill({
          ...{ day, content },
          totals: {
            sales: fen('sold').length,
            soldFen: sum(fen('sold')),
            reversals: fen('reversed').length,
            reversedFen: sum(fen('reversed')),
          },
        });
        return Promise.resolve(this.received(bill));
      },
    };
  }
}
