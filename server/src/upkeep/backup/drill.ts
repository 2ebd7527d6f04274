import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { BackupOutcome } from './backup-notes.ts';
import type { BackupManifest } from './manifest.ts';
import { checkBackup, mustBeEmpty, restoreBackup, type ReadInit } from './restore.ts';
import { newestOf } from './series.ts';

/** `folder`: of the series. */
export interface DrillInit extends ReadInit {
  /** Restored into it, and dropped again; it must have no documents. Absent: it is read and counted alone. */
  readonly into?: Connection | undefined;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
}

/** Reads, or restores, the newest backup of a series, and counts its ledger. Throws as `checkBackup` and `restoreBackup`. */
export async function drill({ folder, into, clock, ...init }: DrillInit): Promise<BackupOutcome> {
  const name = await newestOf(folder);
  const began = clock.monotonic();
  const of = { ...init, folder: join(folder, name) };
  const manifest = into === undefined ? await checkBackup(of) : await restoredAndDropped(into, of);
  return outcomeOf({ name, manifest, at: new Date(clock.now()), tookMs: clock.monotonic() - began });
}

export function outcomeOf(of: {
  readonly name: string;
  readonly manifest: BackupManifest;
  readonly at: Date;
  readonly tookMs: number;
}): BackupOutcome {
  const { name, manifest, at, tookMs } = of;
  const sum = (field: 'documents' | 'bytes'): number =>
    manifest.collections.reduce((all, each) => all + each[field], 0);
  return { at, name, documents: sum('documents'), bytes: sum('bytes'), tookMs: Math.round(tookMs) };
}

/** It was empty before, so that all that is in it afterwards came from here, whole or not. */
async function restoredAndDropped(db: Connection, of: ReadInit): Promise<BackupManifest> {
  await mustBeEmpty(db);
  try {
    return await restoreBackup({ ...of, db });
  } finally {
    await db.dropDatabase();
  }
}
