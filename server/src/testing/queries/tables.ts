import { COLLECTIONS } from '../../store/collections.ts';
import { answerOf, ID, type Index } from './rule.ts';
import { recordedIndexes, type Recorded } from './recorded.ts';
import { shapeFrom } from './shape-text.ts';

/** `docs/operations/data.md` has it between these. */
export const BEGIN = '<!-- made by npm run data:record -->';
export const END = '<!-- end -->';

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

/** In Markdown: a table of the collections, and their indexes with what they serve. */
export function tablesOf(recorded: Recorded): string {
  const collections = Object.entries(COLLECTIONS).map(([name, { what, kept, shardKey }]) => {
    const where = shardKey === undefined ? 'replica set' : 'telemetry, by hashed _id';
    return `| \`${name}\` | ${what} | ${kept} | ${where} |`;
  });
  const indexes = Object.keys(COLLECTIONS).flatMap((name) => {
    const lines = [...servedBy(recorded, name)]
      .filter(([index]) => index !== ID)
      .map(
        ([index, queries]) =>
          `- \`${keyText(index)}\`${about(index)}${queries.length === 0 ? '' : ': '}${listed(queries)}`,
      );
    return lines.length === 0 ? [] : [`### ${name}`, lines.join('\n')];
  });
  return [
    ['| collection | what it holds | kept | where |', '| --- | --- | --- | --- |', ...collections].join('\n'),
    '## Indexes, and what they serve',
    ...indexes,
  ].join('\n\n');
}

const listed = (queries: readonly string[]): string =>
  queries.map((text) => `\`${text.replace(/^where /, '')}\``).join(', ');

function about({ unique, sparse, expireAfterSeconds: ttl }: Index): string {
  const words = [
    unique === true ? 'unique' : '',
    sparse === true ? 'sparse' : '',
    ttl === undefined ? '' : ttl === 0 ? 'TTL' : `TTL ${ttl / 86_400} days`,
  ].filter((word) => word !== '');
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}
