import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { collectionNames } from '../../adapters/mongo/connection.ts';

const LIST = join(import.meta.dirname, '../../adapters/mongo/indexes.txt');

/** Indexes that this code needs and a collection lacks, `orders: createdAt, _id`; a collection that is not there yet lacks none. */
export async function missingIndexes(db: Connection): Promise<string[]> {
  const needed = neededIn(await readFile(LIST, 'utf8'));
  const missing: string[] = [];
  for (const name of await collectionNames(db)) {
    const wanted = needed.get(name) ?? [];
    if (wanted.length === 0) continue;
    const known = (await db.collection(name).indexes()).map(({ key }) => textOf(key));
    missing.push(...wanted.filter((each) => !known.includes(each)).map((each) => `${name}: ${each}`));
  }
  return missing;
}

/** The list has a collection at the margin, its indexes two blanks in, and what each serves four. */
export function neededIn(list: string): Map<string, string[]> {
  const needed = new Map<string, string[]>();
  let collection = '';
  for (const line of list.split('\n')) {
    if (/^\S/u.test(line)) collection = line.trim();
    const index = /^ {2}(\S.*?)(?: \([^)]*\))?$/u.exec(line)?.[1];
    if (index !== undefined) needed.set(collection, [...(needed.get(collection) ?? []), index]);
  }
  return needed;
}

function textOf(key: Readonly<Record<string, unknown>>): string {
  return Object.entries(key)
    .map(([field, way]) => (way === -1 ? `-${field}` : field))
    .join(', ');
}
