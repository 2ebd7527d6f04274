import { join } from 'node:path';
import { COLLECTIONS } from '../../adapters/mongo/collections.ts';
import { answerOf, ID, type Index } from './rule.ts';
import { recordedIndexes, type Recorded } from './recorded.ts';
import { shapeFrom } from './shape-text.ts';

/** Made by `npm run data:record`, for who looks for an index. */
export const INDEX_LIST = join(import.meta.dirname, '../../adapters/mongo/indexes.txt');

export const keyText = ({ key }: Index): string =>
  Object.entries(key)
    .map(([field, way]) => (way === 1 ? field : `-${field}`))
    .join(', ');

/** The queries that each index of a collection serves, without the collection's name. */
export function servedBy(recorded: Recorded, name: string): Map<Index, string[]> {
  const indexes = [ID, ...(recordedIndexes(recorded).get(name) ?? [])];
  const served = new Map(indexes.map((index) => [index, [] as string[]]));
  for (const text of recorded.queries) {
    const shape = shapeFrom(text);
    if (shape.collection !== name) continue;
    const { index } = answerOf(shape, indexes.slice(1));
    if (index !== undefined) served.get(index)?.push(text.slice(name.length).trim());
  }
  return served;
}

/** As text: the indexes of each collection, each with the queries that it serves. */
export function indexList(recorded: Recorded): string {
  return Object.keys(COLLECTIONS)
    .map((name): readonly string[] => {
      const indexes = [...servedBy(recorded, name)].filter(([index]) => index !== ID);
      return indexes.length === 0
        ? []
        : [name, ...indexes.flatMap(([index, queries]) => lines(index, queries))];
    })
    .filter((block) => block.length > 0)
    .map((block) => `${block.join('\n')}\n`)
    .join('\n');
}

function lines(index: Index, queries: readonly string[]): string[] {
  return [
    `  ${keyText(index)}${about(index)}`,
    ...queries.map((text) => `    ${text.replace(/^where /, '')}`),
  ];
}

function about({ unique, sparse, expireAfterSeconds: ttl }: Index): string {
  const words = [
    unique === true ? 'unique' : '',
    sparse === true ? 'sparse' : '',
    ttl === undefined ? '' : ttl === 0 ? 'TTL' : `TTL ${ttl / 86_400} days`,
  ].filter((word) => word !== '');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
