import type { Phase } from '../state.ts';

/** Off the screen first, so that a code that is being closed is not paid. */
export function closingOf(
  phase: Extract<Phase, { name: 'pay' }>,
  then: Extract<Phase, { name: 'closing' }>['then'],
): Phase {
  const { buyer, order, channel } = phase;
  return { name: 'closing', slot: phase.slot, buyer, order, channel, then, tries: 0 };
}
