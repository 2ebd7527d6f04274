import type { Connection } from 'mongoose';
import type { Order } from '../../../server/src/orders/model/order.ts';
import { MOST_EVENTS } from './money-row.ts';

type Told = Pick<Order, '_id' | 'state' | 'events' | 'reversal' | 'undo'>;

/** So many of an order's last events are told, and of those that turn on the spot the most frequent. */
const LAST = 12;

/**
 * What happened to orders that nobody expects: those left to a person, those with too many events, and those of `others`. A line
 * each.
 */
export async function oddStories(db: Connection, others: readonly string[]): Promise<string[]> {
  const fields = { state: 1, events: 1, reversal: 1, undo: 1 };
  const tooMany = { [`events.${MOST_EVENTS}`]: { $exists: true } };
  const odd = { $or: [{ state: 'attention' as const }, tooMany, { _id: { $in: [...others] } }] };
  const found = await db.collection<Told>('orders').find(odd, { projection: fields }).toArray();
  return found.map(storyOf);
}

/** Pure. */
export function storyOf({ _id, state, events, reversal, undo }: Told): string {
  const names = events.map(({ name }) => name);
  const told = names.length > MOST_EVENTS ? mostOf(names) : names.slice(-LAST).join(' ');
  const why = reversal.reason === undefined ? '' : ` (${reversal.reason})`;
  const off = undo === undefined ? '' : `, undo ${undo.status}`;
  return `order ${_id} is ${state}, reversal ${reversal.status}${why}${off}: ${told}`;
}

function mostOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, LAST);
  return most.map(([name, times]) => `${name} ${times}`).join(', ');
}
