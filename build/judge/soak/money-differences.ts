import { CHANNELS } from '@bianmin/purchase/api/channels';
import type { BillLie } from '../../../server/sandbox/bill-lies.ts';
import type { DifferenceKind } from '../../../server/src/orders/model/case-sink.ts';
import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import type { PaymentSum, WalletRefund } from '../../kit/sandbox-answers.ts';
import { Dice } from '@bianmin/card/testing/dice';

/** What reconciliation is to find, or has found: a kind, of an order or of a number that is none of ours. */
export interface Finding {
  readonly kind: DifferenceKind;
  readonly orderNo: string;
}

export interface Compared {
  readonly missed: readonly Finding[];
  readonly false: readonly Finding[];
}

/** Which of what there is was not found, and what was found and is not there; each as often as it comes. Pure. */
export function compareFindings(told: readonly Finding[], found: readonly Finding[]): Compared {
  const left = new Map<string, Finding[]>();
  for (const each of told) {
    const key = keyOf(each);
    left.set(key, [...(left.get(key) ?? []), each]);
  }
  const wrong = found.filter((each) => left.get(keyOf(each))?.pop() === undefined);
  return { missed: [...left.values()].flat(), false: wrong };
}

function keyOf({ kind, orderNo }: Finding): string {
  return `${kind} ${orderNo}`;
}

type Wallet = PaymentSum['wallet'];

/** What bills are told to say otherwise, and what that must show as. */
export interface Lies {
  readonly byWallet: ReadonlyMap<Wallet, readonly BillLie[]>;
  /** About sales, for the grid's bill. */
  readonly grid: readonly BillLie[];
  readonly told: readonly Finding[];
}

const KINDS = ['missing', 'twice', 'late', 'amount', 'stranger'] as const;
/** One in so many rows of the bills is a lie, but each kind comes once at each wallet, and at the grid. */
const ROWS_A_LIE = 250;

/** Draws lies about payments, refunds and sales that are as they should be: `isCalm` says of an order that it is. Pure. */
export function drawLies(of: {
  readonly payments: readonly PaymentSum[];
  readonly refunds: readonly WalletRefund[];
  /** Orders whose sale stands in the grid's bill. */
  readonly sales: readonly string[];
  readonly isCalm: (orderNo: string) => boolean;
  readonly random: () => number;
}): Lies {
  const dice = new Dice(of.random);
  const byWallet = new Map<Wallet, readonly BillLie[]>();
  const told: Finding[] = [];
  const used = new Set<string>();
  const about = (numbers: readonly string[], source: 'channel' | 'grid'): BillLie[] => {
    const lies: BillLie[] = [];
    const wanted = Math.max(KINDS.length, Math.ceil(numbers.length / ROWS_A_LIE));
    for (let tries = 0; numbers.length > 0 && lies.length < wanted && tries < 20 * wanted; tries += 1) {
      const number = dice.pick(numbers);
      // A sale's number is its order's.
      const orderNo = source === 'grid' ? number : orderNoOf(number);
      if (orderNo === undefined || used.has(orderNo) || !of.isCalm(orderNo)) continue;
      used.add(orderNo);
      const lie = lieOf(KINDS[lies.length % KINDS.length] ?? 'missing', number, dice);
      lies.push(lie);
      told.push(...shownAs(lie, orderNo, source));
    }
    return lies;
  };
  for (const wallet of CHANNELS) {
    const rows = [
      // Two transactions of one number would both be lied about.
      ...of.payments.flatMap(({ wallet: at, outTradeNo, transactions }) =>
        at === wallet && transactions.length === 1 ? [outTradeNo] : [],
      ),
      ...of.refunds.flatMap(({ wallet: at, outRefundNo, status }) =>
        at === wallet && status === 'SUCCESS' ? [outRefundNo] : [],
      ),
    ];
    byWallet.set(wallet, about(rows, 'channel'));
  }
  return { byWallet, grid: about(of.sales, 'grid'), told };
}

function lieOf(kind: (typeof KINDS)[number], number: string, dice: Dice): BillLie {
  switch (kind) {
    case 'amount':
      return { kind, number, fen: 1 + dice.below(500) };
    case 'stranger':
      return { kind, number, as: `STRANGER${number.slice(2, 12)}${number.slice(-8)}` };
    case 'missing':
    case 'twice':
    case 'late':
      return { kind, number };
  }
}

function shownAs(lie: BillLie, orderNo: string, source: 'channel' | 'grid'): Finding[] {
  switch (lie.kind) {
    case 'missing':
      return [{ kind: 'ORDER_ONLY', orderNo }];
    case 'twice':
      return [{ kind: 'DUPLICATE', orderNo }];
    case 'amount':
      return [{ kind: 'AMOUNT_DIFF', orderNo }];
    case 'stranger':
      if (source === 'grid') return [{ kind: 'GRID_ONLY', orderNo: lie.as }];
      // A refund's row names its payment besides, and that is still ours.
      return [{ kind: 'CHANNEL_ONLY', orderNo: /[rs]\d+$/u.test(lie.number) ? orderNo : lie.as }];
    case 'late':
      // The next day's bill has it: no difference once both days are compared.
      return [];
  }
}

/**
 * What money shows as that its wallet's bill alone tells of: alone on its number, as a payment that its order calls unpaid; beside
 * another on the same number, as one that the order does not know. Pure.
 */
export function shownUntold(orderNo: string, payments: readonly PaymentSum[]): Finding {
  const mine = payments.filter(({ outTradeNo }) => orderNoOf(outTradeNo) === orderNo);
  const beside = mine.some(({ transactions }) => transactions.length > 1);
  return { kind: beside ? 'CHANNEL_ONLY' : 'STATUS_DIFF', orderNo };
}
