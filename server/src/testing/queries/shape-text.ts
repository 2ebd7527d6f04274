import type { Asked, QueryShape } from './shape.ts';

const ENDS: readonly Asked[] = ['in', '<>', '=', '?', '~'];

const conditions = (where: Readonly<Record<string, Asked>>): string =>
  Object.entries(where)
    .map(([field, asked]) => `${field}${asked === 'in' ? ' in' : asked}`)
    .sort()
    .join(' & ');

/** As people read it, and as it is kept: `orders where dueShard= & dueAt<> sort dueAt limit`. */
export function textOf({ collection, where, any, sort, limit }: QueryShape): string {
  const filter = [
    conditions(where),
    any.length === 0 ? '' : `any(${any.map(conditions).sort().join(' | ')})`,
  ].filter((part) => part !== '');
  const order = Object.entries(sort).map(([field, way]) => (way === 1 ? field : `-${field}`));
  return [
    collection,
    ...(filter.length === 0 ? [] : ['where', filter.join(' & ')]),
    ...(order.length === 0 ? [] : ['sort', order.join(',')]),
    ...(limit ? ['limit'] : []),
  ].join(' ');
}

/** The other way round. Throws where it is no such text. */
export function shapeFrom(text: string): QueryShape {
  const found = /^(\S+)(?: where (.+?))?(?: sort (\S+))?( limit)?$/.exec(text);
  if (found === null) throw new Error(`This is no query: ${text}`);
  const [, collection = '', filter = '', order = '', limit] = found;
  const [, plain = '', any] = /^(.*?)(?:(?:^| & )any\((.*)\))?$/.exec(filter) ?? [];
  return {
    collection,
    where: conditionsFrom(plain),
    any: any === undefined ? [] : any.split(' | ').map(conditionsFrom),
    sort: Object.fromEntries(
      order
        .split(',')
        .filter((field) => field !== '')
        .map((field) => (field.startsWith('-') ? [field.slice(1), -1] : [field, 1])),
    ),
    limit: limit !== undefined,
  };
}

function conditionsFrom(text: string): Record<string, Asked> {
  const parts = text.split(' & ').filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const asked = ENDS.find((end) => part.endsWith(end)) ?? '~';
      return [part.slice(0, -asked.length).trimEnd(), asked];
    }),
  );
}
