import type { CounterOrder } from '@bianmin/purchase/api/counter';
import type { WordKey } from '../../words/words.ts';

/** The word for an order's state. A write that nobody is at any more was broken off, whatever was released. */
export function stateKey({
  state,
  next,
  meter,
  writtenAt,
}: Pick<CounterOrder, 'state' | 'next' | 'meter' | 'writtenAt'>): WordKey {
  if (state === 'writing' && next === 'insert-card') return 'staff.state.torn';
  if (state !== 'done') return `staff.state.${state}`;
  if (meter?.status === 'credited') return 'staff.state.in-meter';
  if (meter?.status === 'refused') return `staff.state.${meter.reason ?? 'other'}`;
  // Written is not in the meter.
  return writtenAt === undefined ? 'staff.state.done' : 'staff.state.written';
}
