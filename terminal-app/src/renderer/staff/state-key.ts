import type { CounterOrder } from '@bianmin/shared/api/counter';
import type { WordKey } from '../../words/words.ts';

/** The word for an order's state. A write that nobody is at any more was broken off, whatever was released. */
export function stateKey({ state, next }: Pick<CounterOrder, 'state' | 'next'>): WordKey {
  return state === 'writing' && next === 'insert-card' ? 'staff.state.torn' : `staff.state.${state}`;
}
