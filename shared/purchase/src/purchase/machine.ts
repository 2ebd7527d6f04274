import { onFailed, onIdentified, onOrdered, onQuoted, onRead } from './moves/answer.ts';
import { onCashAsked, onCashOffered } from './moves/cash.ts';
import { noted, onReceipt } from './moves/cash-note.ts';
import { onCommand } from './moves/command.ts';
import { onDescribed } from './moves/home.ts';
import { onOrder } from './moves/order.ts';
import { onArrived, onSlots } from './moves/slots.ts';
import { onTimer } from './moves/timer.ts';
import { onProgress, onWriteEnded } from './moves/write.ts';
import { answered, stay } from './step.ts';
import type { Step } from './step.ts';
import type { PurchaseState } from './state.ts';
import type { PurchaseEvent } from './event.ts';
import type { FlowSettings, PurchaseTimings } from './timings.ts';

export const INITIAL_STATE: PurchaseState = {
  turn: 0,
  phase: { name: 'starting' },
  readers: [],
  present: [],
};

/**
 * The purchase, as a pure function: what is known and one event give what is known next and what to ask for.
 * Answers carry the turn that asked; those of an earlier turn are stale and change nothing, but for an order
 * made for a household that has left, which is closed again.
 */
export function reduce(
  state: PurchaseState,
  event: PurchaseEvent,
  init: { readonly settings: FlowSettings; readonly timings: PurchaseTimings },
): Step {
  if (event.type === 'assisted') return stay(helped(state, event.assisted));
  if (state.phase.name === 'out-of-service') {
    if (event.type !== 'slots') return stay(state);
    const { ticket } = state.phase;
    const phase = { ...state.phase, ticket: event.present.length === 0 ? null : ticket };
    return stay(known({ ...state, phase }, event));
  }
  const step = move(state, event, init);
  // Whatever freed the kiosk: a card that already waits is read now.
  const arrived = onArrived(step.state, init.timings);
  return noted(state, { state: arrived.state, effects: [...step.effects, ...arrived.effects] });
}

function move(
  state: PurchaseState,
  event: Exclude<PurchaseEvent, { type: 'assisted' }>,
  init: { readonly settings: FlowSettings; readonly timings: PurchaseTimings },
): Step {
  const { timings } = init;
  if ('turn' in event && event.turn !== state.turn) {
    if (event.type !== 'ordered') return stay(state);
    return { state, effects: [{ do: 'abandon', orderNo: event.order.orderNo }] };
  }
  switch (event.type) {
    case 'slots':
      return onSlots(known(state, event), timings);
    case 'command':
      return onCommand(answered(state), event.command, event.key, timings);
    case 'timer':
      return onTimer(state, event.at, timings);
    case 'order':
      return onOrder(state, event.order, timings);
    case 'read':
      return onRead(state, event, timings);
    case 'identified':
      return onIdentified(state, event.answer, timings);
    case 'described':
      return onDescribed(state, event.answer, timings);
    case 'ordered':
      return onOrdered(state, event, init);
    case 'quoted':
      return onQuoted(state, event);
    case 'progress':
      return onProgress(state, event);
    case 'write-ended':
      return onWriteEnded(state, event.outcome, timings);
    case 'cash-offered':
      return onCashOffered(state, event.offer, timings);
    case 'cash-asked':
      return onCashAsked(state, event.receipt, timings);
    case 'cash-receipt':
      return onReceipt(state, event.receipt);
    case 'failed':
      return onFailed(state, event, timings);
    case 'out-of-service':
      return stay({
        ...answered(state),
        turn: state.turn + 1,
        phase: { name: 'out-of-service', trouble: event.trouble, ticket: null },
      });
  }
}

function helped(state: PurchaseState, assisted: boolean): PurchaseState {
  const { assisted: _, ...rest } = state;
  return assisted ? { ...rest, assisted } : rest;
}

function known(state: PurchaseState, event: Extract<PurchaseEvent, { type: 'slots' }>): PurchaseState {
  const phase: PurchaseState['phase'] = state.phase.name === 'starting' ? { name: 'idle' } : state.phase;
  return { ...state, phase, readers: event.readers, present: event.present };
}
