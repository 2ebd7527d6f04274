import type { OrderView } from '../api/order.ts';
import type { Phase } from './state.ts';
import type { Ticket } from './ticket.ts';

export function slotOf(phase: Phase): string | null {
  return 'slot' in phase ? (phase.slot ?? null) : null;
}

/** The paid order that would be left behind if this phase were left. */
export function ticketOf(phase: Phase): Ticket | null {
  if ('ticket' in phase) return phase.ticket;
  return phase.name === 'problem' && phase.again !== null ? ticketOf(phase.again) : null;
}

/** The order that may still be paid and that is not looked after once this phase is left. */
export function openOrderOf(phase: Phase): OrderView | null {
  if (phase.name === 'pay' || phase.name === 'closing') return phase.order;
  if (phase.name === 'cash') return phase.pay.order;
  return phase.name === 'problem' && phase.again !== null ? openOrderOf(phase.again) : null;
}

/** The order whose changes matter here. */
export function watchedOrder(phase: Phase): OrderView | null {
  return openOrderOf(phase) ?? ticketOf(phase)?.order ?? ownOrderOf(phase);
}

/** The order of a phase that is about nothing but its order. */
function ownOrderOf(phase: Phase): OrderView | null {
  switch (phase.name) {
    case 'crediting':
    case 'credited':
    case 'credit-failed':
    case 'choosing':
    case 'bring-card':
    case 'expired':
    case 'refund':
      return phase.order;
    case 'problem':
      return phase.again === null ? null : ownOrderOf(phase.again);
    default:
      return null;
  }
}

/** Whether a card that comes now is read at once, and whose it must be. */
export function awaiting(phase: Phase): { readonly ticket: Ticket | null } | null {
  switch (phase.name) {
    case 'idle':
    case 'customer-no':
    case 'proof':
    case 'bring-card':
      return { ticket: null };
    case 'credited':
      return phase.slot === undefined ? { ticket: null } : null;
    case 'pulled':
      return { ticket: phase.ticket };
    case 'crediting':
      return phase.slow && phase.slot === undefined ? { ticket: null } : null;
    case 'who':
    case 'amount':
    case 'credit-failed':
    case 'done':
    case 'refund':
    case 'expired':
    case 'selling':
      return phase.slot === null ? { ticket: null } : null;
    case 'problem':
      return phase.slot === null ? { ticket: ticketOf(phase) } : null;
    default:
      return null;
  }
}
