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

/** Whether any household still has a name under another version than the one of now. */
export async function haveFormerNames(db: Connection, { sealing }: KeyRing): Promise<boolean> {
  // Each stands under its version's name, which version 1 has not: one look into the index.
  const others =
    sealing === 1
      ? { _id: { $gte: '0', $lt: ':', $regex: '^[0-9]+[.]' } }
      : { $or: [{ _id: { $lt: `${sealing}.` } }, { _id: { $gte: `${sealing}/` } }] };
  const projection = { _id: 1 } as const;
  return (
    (await collectionOf<Doc>(db, 'households').findOne(others as mongo.Filter<Doc>, { projection })) !== null
  );
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
