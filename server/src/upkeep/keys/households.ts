import type { Connection, mongo } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { DURABLE } from '../../adapters/mongo/durable.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { householdKey } from '../../money/discount/desk.ts';
import type { Doc } from './sealed-values.ts';

/** Of an order: what its household is called from now on, and what it was called. */
export type NamesOf = (order: Doc) => { readonly to: string; readonly from: readonly string[] };

/** Names under the version of now, in place of those under others; `keys`: all of them. */
export function newNames(keys: KeyRing): NamesOf {
  const name = householdKey(keys);
  return of(keys, (grid, no) => ({ to: name(grid, no), from: name.former?.(grid, no) ?? [] }));
}

/** Names under version 1, for a server that knows no other. */
export function firstNames(keys: KeyRing): NamesOf {
  const [name, first] = [householdKey(keys), householdKey(keys.only(1))];
  return of(keys, (grid, no) => {
    const all = [name(grid, no), ...(name.former?.(grid, no) ?? [])];
    return { to: first(grid, no), from: all.filter((each) => each !== first(grid, no)) };
  });
}

/**
 * Households that a discount is for, of these orders: their names follow from numbers that are kept nowhere else. Gives how many
 * were renamed.
 */
export async function renameHouseholds(
  db: Connection,
  orders: readonly Doc[],
  namesOf: NamesOf,
): Promise<number> {
  const names = new Map<string, string>();
  for (const order of orders) {
    const { to, from } = namesOf(order);
    for (const each of from) names.set(each, to);
  }
  if (names.size === 0) return 0;
  const households = collectionOf<Doc>(db, 'households');
  const found = await households.find({ _id: { $in: [...names.keys()] } } as mongo.Filter<Doc>).toArray();
  for (const { _id, ...known } of found) {
    const to = { _id: names.get(_id) ?? _id } as mongo.Filter<Doc>;
    // Where staff have told of it anew meanwhile, theirs counts.
    const update = { $setOnInsert: known } as mongo.UpdateFilter<Doc>;
    await households.updateOne(to, update, { upsert: true, writeConcern: DURABLE });
    await households.deleteOne({ _id }, { writeConcern: DURABLE });
  }
  return found.length;
}

function of(
  keys: KeyRing,
  names: (grid: string, customerNo: string) => { to: string; from: readonly string[] },
): NamesOf {
  const numbers = new NumberSeal(keys);
  return (order) => {
    const { grid, customerNo } = order as Doc & { grid: string; customerNo: string };
    try {
      return names(grid, numbers.open(customerNo));
    } catch {
      // It is counted as unreadable where the number itself is looked at.
      return { to: '', from: [] };
    }
  };
}
