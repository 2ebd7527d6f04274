import type { Connection } from 'mongoose';
import type { KeyRing } from './kernel/key-ring.ts';
import { sealAsOthersDo } from './upkeep/keys/open-keys.ts';

/**
 * For a command beside the processes: work on their database, in which values are sealed as they do it. Throws `KeySetupError` where
 * the keys are not those of the database; whatever happens, nothing stays open.
 */
export async function withSealedDatabase<T>(
  at: { readonly open: () => Promise<Connection>; readonly keys: KeyRing },
  work: (db: Connection) => Promise<T>,
): Promise<T> {
  const db = await at.open();
  try {
    await sealAsOthersDo(db, at.keys);
    return await work(db);
  } finally {
    await db.close();
  }
}
