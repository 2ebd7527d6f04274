/**
 * How a field is asked for. `=` one value, `in` some values, `<>` a range, `?` that it is there, `~` anything that no
 * index narrows well: unequal, absent, a pattern, an expression.
 */
export type Asked = '=' | 'in' | '<>' | '?' | '~';

/** What a command asks of a collection, without its values: what decides which index can serve it. */
export interface QueryShape {
  readonly collection: string;
  /** By field; all hold. */
  readonly where: Readonly<Record<string, Asked>>;
  /** One of these holds as well. */
  readonly any: readonly Readonly<Record<string, Asked>>[];
  /** 1 up, -1 down. */
  readonly sort: Readonly<Record<string, 1 | -1>>;
  /** It ends after so many, or after the first. */
  readonly limit: boolean;
}

type Filter = Readonly<Record<string, unknown>>;
export type Command = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Filter =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const filterOf = (value: unknown): Filter => (isObject(value) ? value : {});

/** What a command of the driver's asks; empty where it asks nothing: inserts, metadata, more of a cursor. */
export function shapesOf(name: string, command: Command): QueryShape[] {
  const collection = command[name];
  if (typeof collection !== 'string') return [];
  const shape = (filter: unknown, rest: { sort?: unknown; limit?: boolean } = {}): QueryShape => ({
    collection,
    ...conditionsOf(filterOf(filter)),
    sort: sortOf(rest.sort),
    limit: rest.limit ?? false,
  });
  switch (name) {
    case 'find':
      return [shape(command['filter'], { sort: command['sort'], limit: isMost(command['limit']) })];
    case 'distinct':
      return [shape(command['query'])];
    case 'findAndModify':
      return [shape(command['query'], { sort: command['sort'], limit: true })];
    case 'update':
      return listOf(command['updates'])
        .filter(isObject)
        .map(({ q, multi }) => shape(q, { limit: multi !== true }));
    case 'delete':
      return listOf(command['deletes'])
        .filter(isObject)
        .map(({ q, limit }) => shape(q, { limit: limit === 1 }));
    case 'aggregate':
      return [ofPipeline(listOf(command['pipeline']).filter(isObject), shape)];
    default:
      return [];
  }
}

/** The stages that an index can serve: those before the first that makes other documents. */
function ofPipeline(
  stages: readonly Filter[],
  shape: (filter: unknown, rest?: { sort?: unknown; limit?: boolean }) => QueryShape,
): QueryShape {
  const filters: Filter[] = [];
  let sort: unknown;
  let limit = false;
  for (const stage of stages) {
    if (isObject(stage['$match'])) filters.push(stage['$match']);
    else if (isObject(stage['$sort'])) sort = stage['$sort'];
    else if (stage['$limit'] !== undefined) limit = true;
    else if (stage['$skip'] === undefined) break;
  }
  return shape(filters.length === 1 ? filters[0] : { $and: filters }, { sort, limit });
}

const isMost = (limit: unknown): boolean => typeof limit === 'number' && limit !== 0;

function sortOf(sort: unknown): Record<string, 1 | -1> {
  const pairs = sort instanceof Map ? [...(sort as Map<string, unknown>)] : Object.entries(filterOf(sort));
  return Object.fromEntries(pairs.map(([field, way]) => [field, way === -1 ? -1 : 1]));
}

function conditionsOf(filter: Filter): Pick<QueryShape, 'where' | 'any'> {
  const where: Record<string, Asked> = {};
  let any: Readonly<Record<string, Asked>>[] = [];
  for (const [field, value] of Object.entries(filter)) {
    if (field === '$and') {
      for (const part of listOf(value).map(filterOf)) {
        const inner = conditionsOf(part);
        for (const [of, asked] of Object.entries(inner.where)) where[of] = stricter(where[of], asked);
        any = any.length === 0 ? [...inner.any] : any;
      }
    } else if (field === '$or') any = listOf(value).map((part) => conditionsOf(filterOf(part)).where);
    else if (field.startsWith('$')) where[field] = '~';
    else
      for (const [of, asked] of askedOf(field, value)) {
        where[of] = stricter(where[of], asked);
      }
  }
  return { where, any };
}

const ORDER: readonly Asked[] = ['=', 'in', '<>', '?', '~'];
const stricter = (one: Asked | undefined, other: Asked): Asked =>
  one !== undefined && ORDER.indexOf(one) <= ORDER.indexOf(other) ? one : other;

function askedOf(field: string, value: unknown): [string, Asked][] {
  if (value === null || value === undefined) return [[field, '~']];
  if (value instanceof RegExp) return [[field, value.source.startsWith('^') ? '<>' : '~']];
  if (!isObject(value)) return [[field, '=']];
  const operators = Object.entries(value);
  if (operators.length === 0 || !operators.every(([name]) => name.startsWith('$'))) return [[field, '=']];
  return operators.flatMap(([name, of]): [string, Asked][] => {
    if (name === '$elemMatch') {
      const inner = filterOf(of);
      const plain = Object.keys(inner).every((key) => key.startsWith('$'));
      return plain
        ? askedOf(field, inner)
        : Object.entries(conditionsOf(inner).where).map(([key, asked]) => [`${field}.${key}`, asked]);
    }
    return [[field, ofOperator(name, of)]];
  });
}

function ofOperator(name: string, value: unknown): Asked {
  switch (name) {
    case '$eq':
      return value === null ? '~' : '=';
    case '$all':
      return '=';
    case '$in':
      return listOf(value).includes(null) ? '~' : 'in';
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return '<>';
    case '$exists':
      return value === true ? '?' : '~';
    default:
      return '~';
  }
}
