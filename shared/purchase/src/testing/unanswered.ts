import { reduce } from '../purchase/machine.ts';
import type { PurchaseState } from '../purchase/state.ts';
import type { PurchaseEvent } from '../purchase/event.ts';
import type { Step } from '../purchase/step.ts';

/** What an event leads to; after a wait that asks first whether anybody is here, what it leads to unanswered. */
export function unanswered(
  state: PurchaseState,
  event: PurchaseEvent,
  init: Parameters<typeof reduce>[2],
): Step {
  const step = reduce(state, event, init);
  const asked = event.type === 'timer' && state.asking === undefined && step.state.asking !== undefined;
  return asked ? reduce(step.state, event, init) : step;
}
