import type { CreditChoice, OrderView } from '../../api/order.ts';
import { also, enter, orderProblem, stay, update } from '../step.ts';
import type { Step } from '../step.ts';
import { isPassing, troubleOf } from '../problems.ts';
import { slotOf } from '../phase.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { Undecided } from '../undecided.ts';
import type { Ticket } from '../ticket.ts';
import type { PurchaseTimings } from '../timings.ts';

/** A paid order without a card: on to whatever its state allows. */
export function settleHome(state: PurchaseState, order: OrderView, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (order.state) {
    case 'created':
    case 'paying':
      return stay(state);
    case 'paid':
    case 'grid-silent':
    case 'crediting':
      return onItsWay(state, order, timings);
    case 'sold':
    case 'writing':
    case 'write-failed':
      // Sold and not sent yet; or its payer chose the card.
      if (order.credit?.status !== 'failed') return onItsWay(state, order, timings);
      if (phase.name === 'bring-card') return update(state, { ...phase, order });
      return enter(state, { name: 'bring-card', order }, timings);
    case 'credit-failed':
      return enter(state, undecided(order, null), timings);
    case 'done':
      if (phase.name === 'credited') return update(state, { ...phase, order });
      if (order.credit?.status === 'credited') {
        return enter(state, { name: 'credited', order, ...lying(state) }, timings);
      }
      // Its card was written meanwhile, here or elsewhere.
      return enter(state, { name: 'idle' }, timings);
    case 'refunding':
    case 'refunded':
      return enter(state, { name: 'refund', slot: lying(state).slot ?? null, order }, timings);
    case 'closed':
    case 'attention':
      return enter(
        state,
        orderProblem({
          slot: null,
          trouble: { code: 'unexpected', staffCode: `order.${order.state}` },
          orderNo: order.orderNo,
          again: null,
          auto: false,
        }),
        timings,
      );
  }
}

function onItsWay(state: PurchaseState, order: OrderView, timings: PurchaseTimings): Step {
  const { phase } = state;
  if (phase.name === 'crediting') return update(state, { ...phase, order });
  return enter(state, { name: 'crediting', order, slow: false, ...lying(state) }, timings);
}

/** A card that was read and lies there, though it is not needed. */
function lying({ phase, present }: PurchaseState): { slot?: string } {
  const slot = slotOf(phase);
  return slot !== null && present.includes(slot) ? { slot } : {};
}

/** The question what becomes of an order; `at`: its own card, where that is in. */
export function undecided(order: OrderView, at: { slot: string; ticket: Ticket } | null): Phase {
  const card = at === null ? null : { serial: at.ticket.serial, household: at.ticket.household };
  return { name: 'credit-failed', slot: at?.slot ?? null, card, order, offers: order.choices ?? [] };
}

/** News of an order that is still to be decided about. What was not offered here is not offered later either. */
export function stillUndecided(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'credit-failed' | 'choosing' }>,
  order: OrderView,
): Step {
  const offers = phase.offers.filter((offer) => order.choices?.includes(offer) ?? false);
  return update(state, { ...phase, order, offers });
}

/** The order's own card, with what must not be lost when it comes out; null where it is not in. */
export function ticketIn(
  { present }: PurchaseState,
  { slot, card }: Undecided,
  order: OrderView,
): { slot: string; ticket: Ticket } | null {
  if (slot === null || card === null || !present.includes(slot)) return null;
  return { slot, ticket: { order, ...card, resumed: true, tries: 0 } };
}

export function onChoice(state: PurchaseState, choice: CreditChoice, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'credit-failed':
      if (!phase.offers.includes(choice)) return stay(state);
      return enter(state, { ...phase, name: 'choosing', choice }, timings);
    case 'bring-card': {
      const { order } = phase;
      const offers = (order.choices ?? []).filter((offer) => offer === choice);
      if (offers.length === 0) return stay(state);
      return enter(state, { name: 'choosing', slot: null, card: null, order, offers, choice }, timings);
    }
    default:
      return stay(state);
  }
}

/** The choice was not taken. */
export function onNotChosen(
  state: PurchaseState,
  phase: Extract<Phase, { name: 'choosing' }>,
  code: string,
  timings: PurchaseTimings,
): Step {
  const { slot, card, order, offers } = phase;
  const { orderNo } = order;
  const question: Phase = { name: 'credit-failed', slot, card, order, offers };
  // The household chose meanwhile: the order says what.
  if (code === 'order.no-choice') return also(enter(state, question, timings), { do: 'refresh', orderNo });
  const trouble = troubleOf(code);
  const again = isPassing(trouble.code) ? phase : question;
  return enter(state, orderProblem({ slot, trouble, orderNo, again, auto: false }), timings);
}
