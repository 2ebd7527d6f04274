import type { MeterShown } from '../api/meter-shown.ts';
import type { CreditChoice } from '../api/order.ts';
import type { PayCode } from '../api/scalars.ts';
import type { Buyer } from './buyer.ts';
import { isHome, isBound } from './buyer.ts';
import type { CashBy } from './cash-step.ts';
import type { Phase } from './state.ts';
import type { PurchaseTimings } from './timings.ts';

export type PurchaseEffect =
  | { readonly do: 'read'; readonly turn: number; readonly slot: string; readonly afterMs: number }
  | { readonly do: 'identify'; readonly turn: number }
  | {
      readonly do: 'create-order';
      readonly turn: number;
      /** What proves that this terminal may sell to the buyer. */
      readonly of:
        | { readonly cardSession: string }
        | { readonly customerNo: string; readonly proof: string }
        | { readonly homeId: string };
      readonly faceFen: number;
      readonly billNo?: string;
      readonly key: string;
    }
  | {
      readonly do: 'describe';
      readonly turn: number;
      readonly customerNo: string;
      readonly proof: string;
    }
  | { readonly do: 'recall'; readonly turn: number; readonly homeId: string }
  | { readonly do: 'choose'; readonly turn: number; readonly orderNo: string; readonly choice: CreditChoice }
  | {
      readonly do: 'create-payment';
      readonly turn: number;
      readonly orderNo: string;
      readonly channel: PayCode;
    }
  | { readonly do: 'cancel'; readonly turn: number; readonly orderNo: string }
  /** The answer is not waited for: tried a few times, then left to the code's own expiry. */
  | { readonly do: 'abandon'; readonly orderNo: string }
  | CashEffect
  /** What the household says that its meter showed. The answer is not waited for. */
  | { readonly do: 'tell-shown'; readonly orderNo: string; readonly shown: MeterShown }
  /** What does the order buy? The answer is not waited for, and nothing is lost without it. */
  | { readonly do: 'quote'; readonly orderNo: string }
  /** Ask for the order now instead of waiting for the feed. */
  | { readonly do: 'refresh'; readonly orderNo: string }
  | {
      readonly do: 'write';
      readonly turn: number;
      readonly slot: string;
      readonly orderNo: string;
      readonly serial: string;
    };

export type CashEffect =
  | {
      readonly do: 'offer-cash';
      readonly turn: number;
      readonly orderNo: string;
      readonly by: CashBy;
    }
  | { readonly do: 'take-cash'; readonly turn: number; readonly orderNo: string; readonly ticket: string }
  | { readonly do: 'ask-cash'; readonly turn: number; readonly orderNo: string; readonly afterMs: number }
  /** What goes on paper. The answer is not waited for. */
  | { readonly do: 'cash-receipt'; readonly orderNo: string };

/** What proves to the server that this terminal may sell to the buyer. */
export function claimOf(buyer: Buyer): Extract<PurchaseEffect, { do: 'create-order' }>['of'] {
  if (isBound(buyer)) return { homeId: buyer.homeId };
  if (isHome(buyer)) return { customerNo: buyer.customerNo, proof: buyer.proof };
  return { cardSession: buyer.cardSession };
}

/** What entering a phase asks for. A phase asks for one thing at most; the answer carries its turn. */
export function effectOf(phase: Phase, turn: number, timings: PurchaseTimings): PurchaseEffect | null {
  switch (phase.name) {
    case 'reading':
      return { do: 'read', turn, slot: phase.slot, afterMs: phase.tries === 0 ? 0 : timings.rereadMs };
    case 'identifying':
      return { do: 'identify', turn };
    case 'ordering':
      return {
        do: 'create-order',
        turn,
        of: claimOf(phase.buyer),
        faceFen: phase.faceFen,
        ...(phase.billNo === undefined ? {} : { billNo: phase.billNo }),
        key: phase.key,
      };
    case 'describing':
      return { do: 'describe', turn, customerNo: phase.customerNo, proof: phase.proof };
    case 'recalling':
      return { do: 'recall', turn, homeId: phase.homeId };
    case 'choosing':
      return { do: 'choose', turn, orderNo: phase.order.orderNo, choice: phase.choice };
    case 'pay':
      return { do: 'create-payment', turn, orderNo: phase.order.orderNo, channel: phase.channel };
    case 'cash':
      return cashEffectOf(phase, turn, timings);
    case 'closing':
      return { do: 'cancel', turn, orderNo: phase.order.orderNo };
    case 'writing':
      return {
        do: 'write',
        turn,
        slot: phase.slot,
        orderNo: phase.ticket.order.orderNo,
        serial: phase.ticket.serial,
      };
    default:
      return null;
  }
}

/** Checking is asked for where the PIN is entered: it is in no phase. */
function cashEffectOf(
  { step, pay }: Extract<Phase, { name: 'cash' }>,
  turn: number,
  { retryMs }: PurchaseTimings,
): PurchaseEffect | null {
  const { orderNo } = pay.order;
  switch (step.is) {
    case 'taking':
      return { do: 'take-cash', turn, orderNo, ticket: step.offer.ticket };
    case 'unsure':
      return { do: 'ask-cash', turn, orderNo, afterMs: step.tries === 0 ? 0 : retryMs };
    default:
      return null;
  }
}
