import type { Connection, mongo } from 'mongoose';
import { firstOrderNo } from '../../orders/model/order-no.ts';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import { anyOf, noneOf } from '../../adapters/mongo/sealed-filter.ts';
import { ORDER_ARCHIVE } from '../../orders/store/order-archive.ts';
import { OrderWalk } from '../../orders/store/order-walk.ts';
import type { NumberSeal } from '../../kernel/sealed-number.ts';
import type { RuleId } from './rules.ts';

/** Takes away what one rule is about. */
export interface Eraser {
  /** How many are due, counted to `most` and no further. */
  due(before: Date, most: number): Promise<number>;
  /** One small batch; gives how many it looked at. Repeating it does no harm. */
  erase(before: Date, limit: number): Promise<number>;
}

interface Doc extends mongo.Document {
  readonly _id: string;
}
type Filter = Record<string, unknown>;

/** Where nothing is left of whom it was: what masks to nothing. */
const NOBODY = { name: '', address: '', customerNo: '' };
const HAS_NAME = { 'masked.name': { $gt: '' } };

/** The erasers by rule; a rule that keeps has none. */
export function erasersOf(db: Connection, seal: NumberSeal): Partial<Record<RuleId, Eraser>> {
  const blank = { $set: { masked: NOBODY, customerNo: seal.seal('') }, $unset: { holder: '' } };
  return {
    'phone-sessions': expired(db, 'payerSessions'),
    'phone-bindings': expired(db, 'bindings'),
    'box-bindings': expired(db, 'boxBindings'),
    consents: expired(db, 'consents'),
    'one-time-codes': expired(db, 'oneTimeCodes'),
    'staff-sessions': expired(db, 'sessions'),
    'household-files': expired(db, 'householdfileparts'),
    'order-names': both(orderNames(db, 'orders', blank), orderNames(db, ORDER_ARCHIVE, blank)),
    'replacement-names': blanked(db, 'replacements', {
      filter: (before) => ({ createdAt: { $lt: before }, ...HAS_NAME }),
      update: blank,
    }),
    'complaint-words': blanked(db, 'complaints', {
      filter: (before) => ({
        state: 'finished',
        raisedAt: { $lt: before },
        text: noneOf(seal.spellings('')),
      }),
      update: { $set: { text: seal.seal('') } },
    }),
  };
}

/** A household's own orders lose its name where the law does not hold it any more; gives how many did. */
export async function blankOrdersOf(
  db: Connection,
  seal: NumberSeal,
  of: { readonly customerNo: string; readonly before: Date },
): Promise<number> {
  const blank = { $set: { masked: NOBODY, customerNo: seal.seal('') }, $unset: { holder: '' } };
  const filter = {
    ...{ customerNo: anyOf(seal.spellings(of.customerNo)), ...AT_REST },
    _id: { $lt: firstOrderNo(of.before) },
  };
  let blanked = 0;
  for (const name of ['orders', ORDER_ARCHIVE]) {
    blanked += (await collectionOf<Doc>(db, name).updateMany(filter, blank)).modifiedCount;
  }
  return blanked;
}

/** How many orders have a household's name in them, and how many of those would lose it now. */
export async function countOrdersOf(
  db: Connection,
  seal: NumberSeal,
  of: { readonly customerNo: string; readonly before: Date; readonly most: number },
): Promise<{ named: number; more: boolean; erasable: number }> {
  const found: (Doc & { dueAt?: Date })[] = [];
  for (const name of [ORDER_ARCHIVE, 'orders']) {
    const some = await collectionOf<Doc & { dueAt?: Date }>(db, name)
      .find({ customerNo: anyOf(seal.spellings(of.customerNo)) } as mongo.Filter<Doc>, {
        projection: { dueAt: 1 },
      })
      .sort({ _id: 1 })
      .limit(of.most + 1)
      .toArray();
    found.push(...some);
  }
  const counted = found.slice(0, of.most);
  const last = firstOrderNo(of.before);
  return {
    named: counted.length,
    more: found.length > of.most,
    erasable: counted.filter(({ _id, dueAt }) => _id < last && dueAt === undefined).length,
  };
}

/** An order that moves still needs to know whom it concerns. */
const AT_REST = { dueAt: { $exists: false } };

/** One after the other. */
function both(one: Eraser, other: Eraser): Eraser {
  return {
    due: async (before, most) =>
      Math.min(most, (await one.due(before, most)) + (await other.due(before, most))),
    erase: async (before, limit) => (await one.erase(before, limit)) + (await other.erase(before, limit)),
  };
}

/** An engine without TTL indexes keeps what has expired. */
function expired(db: Connection, name: string): Eraser {
  const collection = collectionOf<Doc>(db, name);
  const filter = (before: Date): mongo.Filter<Doc> => ({ expiresAt: { $lt: before } });
  return {
    due: async (before, most) => (await idsOf(collection, filter(before), most)).length,
    async erase(before, limit) {
      const ids = await idsOf(collection, filter(before), limit);
      // Whatever was renewed meanwhile has another time by now.
      if (ids.length > 0) await collection.deleteMany({ _id: { $in: ids }, ...filter(before) });
      return ids.length;
    },
  };
}

function blanked(
  db: Connection,
  name: string,
  rule: { filter: (before: Date) => Filter; update: { $set: Filter } },
): Eraser {
  const collection = collectionOf<Doc>(db, name);
  const due = (before: Date, most: number): Promise<string[]> => idsOf(collection, rule.filter(before), most);
  return {
    due: async (before, most) => (await due(before, most)).length,
    async erase(before, limit) {
      const ids = await due(before, limit);
      if (ids.length > 0) await collection.updateMany({ _id: { $in: ids } }, rule.update);
      return ids.length;
    },
  };
}

/** What still moved is met by the next walk. */
function orderNames(db: Connection, name: string, blank: { $set: Filter }): Eraser {
  type Named = Doc & { masked: { name: string }; dueAt?: Date };
  const orders = collectionOf<Named>(db, name);
  const walk = new OrderWalk<Named>(db, {
    collection: name,
    mark: name === 'orders' ? 'order-names' : `order-names:${name}`,
    projection: { masked: 1, dueAt: 1 },
  });
  const dueOf = (found: readonly Named[]): string[] =>
    found.filter(({ masked, dueAt }) => masked.name !== '' && dueAt === undefined).map(({ _id }) => _id);
  return {
    due: async (before, most) => dueOf(await walk.peek(before, most)).length,
    erase: (before, limit) =>
      walk.next(before, limit, async (batch) => {
        const ids = dueOf(batch);
        if (ids.length > 0) await orders.updateMany({ _id: { $in: ids }, ...AT_REST }, blank);
        return ids.length;
      }),
  };
}

async function idsOf(
  collection: mongo.Collection<Doc>,
  filter: mongo.Filter<Doc>,
  most: number,
): Promise<string[]> {
  const found = await collection
    .find(filter, { projection: { _id: 1 } })
    .limit(most)
    .toArray();
  return found.map(({ _id }) => String(_id));
}
