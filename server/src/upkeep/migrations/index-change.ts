import type { Connection } from 'mongoose';

/** By its fields, 1 up and -1 down. */
type IndexKey = Readonly<Record<string, 1 | -1>>;

/** What becomes of one collection's plain indexes. */
export interface IndexChange {
  readonly collection: string;
  readonly add: readonly IndexKey[];
  readonly drop: readonly IndexKey[];
}

export const backwards = ({ collection, add, drop }: IndexChange): IndexChange => ({
  collection,
  add: drop,
  drop: add,
});

/** MongoDB's own name for it. */
const nameOf = (key: IndexKey): string =>
  Object.entries(key)
    .map(([field, way]) => `${field}_${way}`)
    .join('_');

/** Adds before it drops, so that no query is without an index meanwhile. What is there, or gone, already stays so. */
export async function changeIndexes(db: Connection, { collection, add, drop }: IndexChange): Promise<void> {
  const there = await db.listCollections();
  // Without documents there is nothing to serve: the process that writes the first one makes its indexes.
  if (!there.some(({ name }) => name === collection)) return;
  const of = db.collection(collection);
  for (const key of add) await of.createIndex(key);
  const names = new Set((await of.indexes()).map(({ name }) => name));
  for (const name of drop.map(nameOf)) if (names.has(name)) await of.dropIndex(name);
}
