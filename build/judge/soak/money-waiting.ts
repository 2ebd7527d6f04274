import type { AdminRefund } from '@bianmin/purchase/api/refund';
import type { OrderActions } from '@bianmin/purchase/api/order-decisions';
import type { GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import type { PaymentSum, WalletRefund } from '../../kit/sandbox-answers.ts';
import type { SandboxClient } from '../../kit/sandbox-client.ts';
import type { JudgedMeter, JudgedSale } from './grid-judge.ts';
import type { Town } from './grid-town.ts';
import type { Staff } from './staff.ts';

/** An order that waits for a person, as staff see it, beside what wallets, the grid's book and its meter say. */
export interface WaitingRow {
  readonly orderNo: string;
  readonly state: string;
  readonly attention: string;
  /** Of refunds that its channel would not make: number, sum, and what the wallet says of it. */
  readonly refunds: string;
  /** What each wallet took and gave back, fen. */
  readonly wallets: string;
  readonly grid: string;
  readonly meter: string;
  /** Whether anything outside makes a person necessary; false is a fault of the server's. */
  readonly needed: boolean;
}

/** What is known of one order that waits. */
export interface Waiting {
  readonly actions: Pick<OrderActions, 'orderNo' | 'state' | 'attention'>;
  readonly faceFen: number;
  readonly abnormal: readonly Pick<AdminRefund, 'refundNo' | 'fen'>[];
  readonly payments: readonly PaymentSum[];
  readonly refunds: readonly WalletRefund[];
  readonly sale: JudgedSale | undefined;
  readonly meter: JudgedMeter | undefined;
}

/** Pure. */
export function waitingRow(order: Waiting): WaitingRow {
  const { actions, abnormal, payments, refunds, sale, meter } = order;
  const wallets = payments.flatMap(({ wallet, transactions }) =>
    transactions.map(({ totalFen, refundedFen }) => `${wallet} ${totalFen}-${refundedFen}`),
  );
  const told = abnormal.map(({ refundNo, fen }) => {
    const made = refunds.find(({ outRefundNo }) => outRefundNo === refundNo);
    const says = made === undefined ? 'none' : `${made.status} ${made.refundFen}`;
    return {
      text: `${refundNo} ${fen}: ${says}`,
      needed: made?.status !== 'SUCCESS' || made.refundFen !== fen,
    };
  });
  return {
    orderNo: actions.orderNo,
    state: actions.state,
    attention: actions.attention ?? '',
    refunds: told.map(({ text }) => text).join(', '),
    wallets: wallets.join(', '),
    grid: sale === undefined ? 'never seen' : `${sale.status} ${sale.faceFen}, count ${sale.count ?? 'none'}`,
    meter: meter === undefined ? 'none' : `count ${meter.count}, credited ${meter.creditedFen}`,
    needed: told.length > 0 ? told.every(({ needed }) => needed) : isNeeded(order),
  };
}

/** Whether the grid's book shows what the order waits for. */
function isNeeded({ actions, sale, faceFen }: Waiting): boolean {
  switch (actions.attention) {
    case 'late-sale':
      // It was sold, if only for a while, though its money had gone back.
      return (sale?.count ?? null) !== null;
    case 'sale-mismatch':
    case 'credit-mismatch':
      return sale?.status === 'sold' && sale.faceFen !== faceFen;
    default:
      return false;
  }
}

/** A row for each of these orders; nothing is changed by asking. */
export async function waitingRows(
  orderNos: readonly string[],
  on: {
    readonly grid: GridSandbox;
    readonly sandbox: SandboxClient;
    readonly town: Town;
    readonly staff: Staff;
    /** What was to be bought for each, fen. */
    readonly faceFen: (orderNo: string) => number;
  },
): Promise<WaitingRow[]> {
  if (orderNos.length === 0) return [];
  const { grid, sandbox, town, staff } = on;
  const [abnormal, payments, refunds] = await Promise.all([
    staff.openRefunds('abnormal'),
    sandbox.paymentSums(),
    sandbox.refunds(),
  ]);
  const sales = new Map(grid.world.bill().map((sale) => [sale.orderNo, sale]));
  const rows: WaitingRow[] = [];
  for (const orderNo of orderNos) {
    const meterNo = town.orders.get(orderNo)?.meterNo;
    const about = (outTradeNo: string): boolean => (orderNoOf(outTradeNo) ?? outTradeNo) === orderNo;
    rows.push(
      waitingRow({
        actions: await staff.actions(orderNo),
        faceFen: on.faceFen(orderNo),
        abnormal: abnormal.filter((each) => each.orderNo === orderNo),
        payments: payments.filter(({ outTradeNo }) => about(outTradeNo)),
        refunds: refunds.filter(({ outTradeNo }) => about(outTradeNo)),
        sale: sales.get(orderNo),
        meter: meterNo === undefined ? undefined : grid.world.meter(meterNo),
      }),
    );
  }
  return rows;
}
