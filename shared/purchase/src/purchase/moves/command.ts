import { also, enter, leave, stay } from '../step.ts';
import type { Step } from '../step.ts';
import { slotOf } from '../phase.ts';
import { isBound } from '../buyer.ts';
import { onAmountCommand } from './amount.ts';
import { leaveCash, onCashCommand } from './cash.ts';
import { closingOf } from './closing.ts';
import { onChoice } from './credit.ts';
import { onHomeCommand } from './home.ts';
import { isWritable, settle } from './order.ts';
import type { Phase, PurchaseState } from '../state.ts';
import type { PurchaseTimings } from '../timings.ts';
import type { PurchaseCommand } from '../view/command.ts';

/**
 * A person did something, which also answers whether anybody is here. A command that the screen does not offer changes
 * nothing else.
 */
export function onCommand(
  state: PurchaseState,
  command: PurchaseCommand,
  key: string,
  timings: PurchaseTimings,
): Step {
  const { phase } = state;
  switch (command.type) {
    case 'without-card':
    case 'home':
    case 'customer-no':
    case 'proof':
      return onHomeCommand(state, command, timings);
    case 'cash':
    case 'cash-staff':
    case 'cash-pin':
    case 'cash-taken':
      return onCashCommand(state, command, timings);
    case 'choose-credit':
      return onChoice(state, command.choice, timings);
    case 'confirm-card':
    case 'choose-amount':
    case 'choose-bill':
    case 'choose-channel':
      return onAmountCommand(state, command, key, timings);
    case 'back':
      return back(state, timings);
    case 'resume':
      if (phase.name !== 'resume') return stay(state);
      if (isWritable(phase.ticket.order)) {
        const { slot, ticket } = phase;
        return enter(state, { name: 'writing', slot, ticket, at: null, trouble: null }, timings);
      }
      return settle(state, phase.slot, phase.ticket, timings);
    case 'meter-shown':
      if (phase.name !== 'uncredited') return stay(state);
      return also(enter(state, { ...phase, shown: command.shown }, timings), {
        do: 'tell-shown',
        orderNo: phase.purchase.orderNo,
        shown: command.shown,
      });
    case 'retry':
      if (phase.name === 'problem' && phase.again !== null) return enter(state, asked(phase.again), timings);
      if (phase.name === 'expired') return again(state, phase, timings);
      return stay(state);
    case 'finish':
      return finish(state, timings);
    case 'stay':
      return stay(state);
  }
}

function back(state: PurchaseState, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'who':
    case 'resume':
    case 'uncredited':
      return rest(state, phase.slot, timings);
    case 'amount':
      // It was chosen by its name: there is nothing to confirm.
      if (isBound(phase.buyer)) return enter(state, { name: 'idle' }, timings);
      if (state.assisted === true) return rest(state, phase.slot, timings);
      return enter(state, { name: 'who', slot: phase.slot, buyer: phase.buyer }, timings);
    case 'pay':
      return enter(state, closingOf(phase, 'amount'), timings);
    case 'cash':
      return leaveCash(state, phase, timings);
    case 'customer-no':
    case 'recalling':
      return enter(state, { name: 'idle' }, timings);
    case 'proof':
      return enter(state, { name: 'customer-no' }, timings);
    case 'problem':
      return phase.again === null || phase.slot === null ? finish(state, timings) : stay(state);
    default:
      return stay(state);
  }
}

/** Leaves the purchase where that loses nothing; while money or a write is under way it does not. */
function finish(state: PurchaseState, timings: PurchaseTimings): Step {
  const { phase } = state;
  switch (phase.name) {
    case 'customer-no':
    case 'proof':
    case 'recalling':
    case 'who':
    case 'amount':
    case 'credited':
    case 'credit-failed':
    case 'bring-card':
    case 'expired':
    case 'resume':
    case 'uncredited':
    case 'done':
    case 'refund':
    case 'problem':
      return rest(state, slotOf(phase), timings);
    case 'crediting':
      return phase.slow ? rest(state, slotOf(phase), timings) : stay(state);
    case 'selling':
      return phase.slow || phase.ticket.order.state === 'grid-silent'
        ? rest(state, phase.slot, timings)
        : stay(state);
    case 'pay':
      return enter(state, closingOf(phase, 'amount'), timings);
    case 'cash':
      return leaveCash(state, phase, timings);
    case 'pulled':
      return enter(state, { name: 'idle' }, timings);
    default:
      return stay(state);
  }
}

/** What a person asked for shows at once, where the machine's own retry would stay out of sight. */
function asked(again: Phase): Phase {
  if (again.name === 'identifying' || again.name === 'writing') return { ...again, trouble: null };
  return again;
}

function rest(state: PurchaseState, slot: string | null, timings: PurchaseTimings): Step {
  const next: Phase =
    slot !== null && state.present.includes(slot) ? { name: 'rest', slot } : { name: 'idle' };
  return leave(state, next, timings);
}

/** From the beginning, as far as it must be: the card is in, or the household is known; else a card is to be put in. */
function again(
  state: PurchaseState,
  { slot, customerNo, homeId }: Extract<Phase, { name: 'expired' }>,
  timings: PurchaseTimings,
): Step {
  if (customerNo !== undefined) return enter(state, { name: 'proof', customerNo, fault: 'used' }, timings);
  if (homeId !== undefined) return enter(state, { name: 'recalling', homeId }, timings);
  if (slot === null) return rest(state, null, timings);
  return enter(state, { name: 'reading', slot, ticket: null, tries: 0 }, timings);
}
