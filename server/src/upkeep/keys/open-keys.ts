import type { Connection } from 'mongoose';
import { collectionOf } from '../../adapters/mongo/connection.ts';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { KeySetupError } from './error.ts';
import { checkOf, KeyRecordStore, type KeyRecord } from './key-records.ts';

/**
 * Before a process seals or opens anything: its keys are those that the database knows, and none is missing. Notes those that are
 * new. Throws `keys.other` and `keys.missing`.
 */
export async function openKeys(db: Connection, keys: KeyRing, now: Date): Promise<void> {
  const store = new KeyRecordStore(db);
  const before = await store.all();
  mustBeThose(keys, before);
  if (before.length === 0 && !keys.has(1) && (await isUsed(db))) throw missing(1);
  for (const version of keys.versions) {
    // Version 1 is what all was sealed under before versions were noted.
    const used = version === 1 ? { usedSince: now } : {};
    await store.note({ version, check: checkOf(keys, version), firstSeenAt: now, ...used });
  }
  const records = await store.all();
  // Another process may have noted another key at the same moment.
  mustBeThose(keys, records);
  sealUnderUsed(keys, records);
  keys.sealsAll = (await store.sealedAllSince()) !== undefined;
}

/** For a command beside the processes: seals as they do, and notes nothing. Throws as `openKeys`. */
export async function sealAsOthersDo(db: Connection, keys: KeyRing): Promise<void> {
  const store = new KeyRecordStore(db);
  const records = await store.all();
  mustBeThose(keys, records);
  sealUnderUsed(keys, records);
  keys.sealsAll = (await store.sealedAllSince()) !== undefined;
}

/** The newest version that any process makes values under. */
export function sealUnderUsed(keys: KeyRing, records: readonly KeyRecord[]): void {
  const used = records
    .filter(({ version, usedSince }) => usedSince !== undefined && keys.has(version))
    .at(-1);
  if (used !== undefined) keys.sealWith(used.version);
}

function mustBeThose(keys: KeyRing, records: readonly KeyRecord[]): void {
  for (const { version, check, proposedAt, usedSince, emptiedAt } of records) {
    if (!keys.has(version)) {
      if ((proposedAt ?? usedSince) !== undefined && emptiedAt === undefined) throw missing(version);
      continue;
    }
    if (checkOf(keys, version) === check) continue;
    throw new KeySetupError({
      code: 'keys.other',
      message: `Version ${version} of the data key is not the key that this database is sealed with. Put the right one into DATA_KEYS; a new key gets a number of its own.`,
      context: { version },
    });
  }
}

function missing(version: number): KeySetupError {
  return new KeySetupError({
    code: 'keys.missing',
    message: `The database has values under version ${version} of the data key, which this process was not given. Put it into DATA_KEYS, and leave it there until "npm run keys" says that nothing is left under it.`,
    context: { version },
  });
}

async function isUsed(db: Connection): Promise<boolean> {
  return (await collectionOf(db, 'users').findOne({}, { projection: { _id: 1 } })) !== null;
}
