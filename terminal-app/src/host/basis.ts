import { join } from 'node:path';
import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { systemClock } from '@bianmin/card/node/system-clock';
import { BeatCounts } from '@bianmin/purchase/terminal/beat-counts';
import type { HostEnvironment } from './env.ts';
import { FaultRing } from './fault-ring.ts';
import { FileJournal } from './file-journal.ts';
import { loadOrCreateIdentity, type HostIdentity } from './identity.ts';
import { createLog, type HostLog } from './log.ts';

/** What every part of the host stands on. */
export interface Basis {
  readonly env: HostEnvironment;
  readonly clock: Clock;
  readonly log: HostLog;
  /** What the next beat tells of. */
  readonly counts: BeatCounts;
  /** The newest faults, for diagnostics. */
  readonly faults: FaultRing;
  readonly onFault: (where: string, error: unknown) => void;
  readonly identity: HostIdentity;
  readonly journal: FileJournal;
}

/** Opens log, identity and journal. Fails with `HostError` where the identity cannot be read. */
export async function openBasis(init: {
  readonly env: HostEnvironment;
  readonly clock?: Clock | undefined;
  readonly log?: HostLog | undefined;
}): Promise<Basis> {
  const { env, clock = systemClock } = init;
  const log = init.log ?? createLog(env.LOG_LEVEL);
  const counts = new BeatCounts();
  const faults = new FaultRing(clock);
  const onFault = (where: string, error: unknown): void => {
    faults.add(where, error);
    log.warn({ where, err: error }, 'something went wrong and is being dealt with');
    counts.fault(codeOf(error));
  };
  const identity = await loadOrCreateIdentity(env.BIANMIN_DATA_DIR);
  const journal = new FileJournal(join(env.BIANMIN_DATA_DIR, 'journal'));
  // A journal that cannot be opened fails again when the flow lists it, and puts the terminal out of service.
  await journal.open().catch((error: unknown) => {
    onFault('journal', error);
  });
  return { env, clock, log, counts, faults, onFault, identity, journal };
}
