import type { Channel } from '@bianmin/purchase/api/channels';
import type { CommissionTerms } from '@bianmin/purchase/api/commission';
import { daysBetween } from '../../kernel/china-time.ts';
import { readBill } from '../text-bill.ts';
import type { NotedShift } from './drawer.ts';
import { MONTH, WALLETS, type MonthWorld } from './month-world.ts';
import type { Meant, Script } from './script.ts';
import { TERMS } from './terms.ts';

/** A line of the grid's bill, fen. */
export interface GridLine {
  readonly day: string;
  readonly orderNo: string;
  readonly meterNo: string;
  readonly faceFen: number;
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
  readonly status: string;
}

/** A row of a wallet's bill. */
interface WalletRow {
  readonly day: string;
  readonly wallet: Channel;
  readonly kind: 'payment' | 'refund';
  readonly orderNo: string;
  readonly fen: number;
  readonly feeMilliFen: number;
}

/** What others wrote down of the month, and nothing that is ours. */
export interface Outside {
  readonly grid: string;
  readonly gridLines: readonly GridLine[];
  readonly walletRows: readonly WalletRow[];
  /** Clerks' notebooks, by drawer. */
  readonly notebooks: readonly (readonly NotedShift[])[];
  /** What banks sent for floats, fen. */
  readonly bankFen: number;
  /** By meter: all that it ever credited, fen. */
  readonly meters: ReadonlyMap<string, number>;
  readonly meant: ReadonlyMap<string, Meant>;
  readonly terms: readonly CommissionTerms[];
}

export const DAYS = daysBetween(`${MONTH}-01`, `${MONTH}-31`);

/** Everybody else's books, as they stand after the month. */
export async function outsideOf(w: MonthWorld, script: Script): Promise<Outside> {
  const { grid } = w.of.world;
  const meters = new Map([...grid.meters].map(([no, { creditedFen }]) => [no, creditedFen]));
  const gridLines: GridLine[] = [];
  const walletRows: WalletRow[] = [];
  for (const day of DAYS) {
    const { lines } = await readBill(await grid.dailyBill(day));
    gridLines.push(...lines.map((columns) => gridLine(day, columns)));
    for (const wallet of WALLETS) {
      const bill = await w.of.world.channel(wallet).downloadBill(day);
      for await (const { kind, paymentNo, fen, feeMilliFen } of bill.rows()) {
        walletRows.push({ day, wallet, kind, orderNo: paymentNo.slice(0, 18), fen, feeMilliFen });
      }
    }
  }
  const { bankFen, meant, drawers } = script;
  const notebooks = [drawers.hall.noted, drawers.gate.noted];
  return { grid: grid.grid, gridLines, walletRows, notebooks, bankFen, meters, meant, terms: TERMS };
}

function gridLine(day: string, columns: readonly string[]): GridLine {
  const [orderNo = '', , , meterNo = '', , face, credit, arrears, fee, , status = ''] = columns;
  return {
    ...{ day, orderNo, meterNo, status, faceFen: Number(face), creditFen: Number(credit) },
    ...{ arrearsFen: Number(arrears), feeFen: Number(fee) },
  };
}
