import type { mongo } from 'mongoose';
import { isDuplicateKey } from '../../adapters/mongo/durable.ts';

export const AT_ONCE = 1000;

/** Unordered. What is there already, and further, refuses the insert that an upsert then tries. */
export async function writeAll<T extends mongo.Document>(
  collection: mongo.Collection<T>,
  operations: mongo.AnyBulkWriteOperation<T>[],
): Promise<void> {
  for (let at = 0; at < operations.length; at += AT_ONCE) {
    try {
      await collection.bulkWrite(operations.slice(at, at + AT_ONCE), { ordered: false });
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
    }
  }
}

function onlyDuplicates(error: unknown): boolean {
  if (!isDuplicateKey(error)) return false;
  const all = (error as { writeErrors?: unknown }).writeErrors;
  const list: unknown[] = Array.isArray(all) ? all : all === undefined ? [] : [all];
  return list.every((each) => (each as { code?: unknown }).code === 11000);
}
