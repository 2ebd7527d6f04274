import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { ARCHIVE_BATCH, Archiver } from '../insight/archive/archiver.ts';

const HOUR_MS = 3_600_000;

/** The worker's part: old orders go into the archive, a small batch at a time. Gives what stops it. */
export function workOnArchive({
  db,
  clock,
  config,
  log,
}: Pick<Deps, 'db' | 'clock' | 'config' | 'log'>): () => Promise<void> {
  const archiver = new Archiver({ db, clock, log, months: config.ARCHIVE_AFTER_MONTHS });
  return startRounds({
    ...{ work: () => archiver.round(), full: ARCHIVE_BATCH, everyMs: HOUR_MS, clock, log },
    what: 'old orders',
  });
}
