import type { Asked, QueryShape } from './shape.ts';

/** An index as the database lists it. */
export interface Index {
  /** In this order: 1 up, -1 down. */
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: boolean;
  readonly sparse?: boolean;
  /** Documents go this long after the time in the key, s. */
  readonly expireAfterSeconds?: number;
}

/** How a query is answered. `sorts`: what the index finds is sorted in memory. `scans`: the whole collection is read. */
export interface Answer {
  readonly by: 'index' | 'sorts' | 'scans';
  readonly index?: Index;
}

export const ID: Index = { key: { _id: 1 }, unique: true };
const RANK = ['index', 'sorts', 'scans'] as const;

/**
 * Which of a collection's indexes serves a query: equal fields first, then the order, then the range (MongoDB's "ESR" rule). An
 * index serves where its first field is among those asked for, and its order is the one asked for; or where all fields of a
 * unique one are given, so that there are as few documents as values. A query with neither condition nor order is served where it has a
 * limit.
 */
export function answerOf(shape: QueryShape, indexes: readonly Index[]): Answer {
  const plain = bestOf(shape, [ID, ...indexes]);
  if (plain.by === 'index' || shape.any.length === 0) return plain;
  // Each of the alternatives by an index of its own; what they find together has no order.
  const each = shape.any.map((one) =>
    bestOf({ ...shape, where: { ...shape.where, ...one }, any: [], sort: {} }, [ID, ...indexes]),
  );
  const worst = each.reduce(
    (last, { by }) => (RANK.indexOf(by) > RANK.indexOf(last) ? by : last),
    'index' as Answer['by'],
  );
  if (RANK.indexOf(worst) >= RANK.indexOf(plain.by)) return plain;
  const sorted = worst === 'index' && Object.keys(shape.sort).length > 0 ? 'sorts' : worst;
  return { by: sorted, ...(each[0]?.index === undefined ? {} : { index: each[0].index }) };
}

function bestOf(shape: QueryShape, indexes: readonly Index[]): Answer {
  const { where, sort, limit } = shape;
  if (Object.keys(where).length === 0 && Object.keys(sort).length === 0)
    return { by: limit ? 'index' : 'scans' };
  let best: { answer: Answer; fits: number } = { answer: { by: 'scans' }, fits: 0 };
  for (const index of indexes) {
    const found = byOne(shape, index);
    const better = RANK.indexOf(found.by) - RANK.indexOf(best.answer.by);
    if (better < 0 || (better === 0 && found.fits > best.fits))
      best = { answer: { by: found.by, index }, fits: found.fits };
  }
  return best.answer.by === 'scans' ? { by: 'scans' } : best.answer;
}

const narrows = (asked: Asked | undefined): boolean => asked !== undefined && asked !== '~';

/** `fits`: how many of the index's fields the query uses. */
function byOne({ where, sort, limit }: QueryShape, index: Index): { by: Answer['by']; fits: number } {
  const fields = Object.keys(index.key);
  const none = { by: 'scans', fits: 0 } as const;
  // What lacks the field is not in a sparse index, so that only who asks for the field finds everything in it.
  if (index.sparse === true && !fields.some((field) => narrows(where[field]))) return none;
  if (index.unique === true && fields.every((field) => isPoint(where[field])))
    return { by: 'index', fits: fields.length + 1 };
  let at = 0;
  while (at < fields.length && isPoint(where[fields[at] ?? ''])) at += 1;
  const rest = fields.slice(at);
  const wanted = Object.keys(sort).filter((field) => where[field] !== '=');
  const ordered = inOrder(rest, wanted, { index, sort });
  const ranged = narrows(where[rest[0] ?? '']);
  const fits =
    at + (ordered ? wanted.length : 0) + (ranged && (wanted.length === 0 || rest[0] === wanted[0]) ? 1 : 0);
  if (at === 0 && !ranged) {
    // The first so many in an order, where nothing else is asked for that few may be.
    const whole = Object.keys(where).every((field) => fields.includes(field));
    return ordered && wanted.length > 0 && limit && whole ? { by: 'index', fits } : none;
  }
  return { by: ordered ? 'index' : 'sorts', fits };
}

const isPoint = (asked: Asked | undefined): boolean => asked === '=' || asked === 'in';

/** The index, read forward or backward, gives the order that is wanted. */
function inOrder(
  rest: readonly string[],
  wanted: readonly string[],
  { index, sort }: { index: Index; sort: QueryShape['sort'] },
): boolean {
  if (!wanted.every((field, n) => rest[n] === field)) return false;
  const ways = wanted.map((field) => (index.key[field] ?? 1) * (sort[field] ?? 1));
  return ways.every((way) => way === ways[0]);
}
