import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { KeyAgreement, type AgreementInit } from '../upkeep/keys/agreement.ts';
import { openKeys } from '../upkeep/keys/open-keys.ts';
import { KeyStatus } from '../upkeep/keys/key-status.ts';
import { Resealer } from '../upkeep/keys/resealer.ts';

/** What people ask about keys, wired once for each web process. */
export interface KeyServices {
  readonly status: KeyStatus;
}

export function createKeys(deps: Pick<Deps, 'db' | 'config' | 'clock'>): KeyServices {
  return { status: new KeyStatus(deps) };
}

const LOOK_MS = 5_000;
const RESEAL_MS = 10_000;
const NOTE_MS = 24 * 3_600_000;

/** Each process: its keys fit the database, and it follows which of them is sealed under. Gives what ends that. */
export async function agreeOnKeys(
  init: AgreementInit & Pick<Deps, 'clock' | 'log'>,
): Promise<() => Promise<void>> {
  const { db, keys, tokens, clock, log } = init;
  const agreement = new KeyAgreement(init);
  await agreement.announce();
  try {
    await openKeys(db, keys, new Date(clock.now()));
    await agreement.round();
  } catch (error) {
    await agreement.leave();
    throw error;
  }
  const work = async (): Promise<number> => {
    const changed = await agreement.round();
    if (changed > 0)
      log.warn(
        { version: keys.sealing, tokens: tokens.sealing },
        'values are sealed, or tokens signed, under another version from now on',
      );
    return changed;
  };
  const stop = startRounds({ work, everyMs: LOOK_MS, what: 'the versions of the data key', clock, log });
  return async () => {
    await stop();
    await agreement.leave();
  };
}

/** The worker's part: what is under an old version is made anew, a small batch at a time. */
export function workOnKeys({
  db,
  clock,
  config,
  log,
}: Pick<Deps, 'db' | 'clock' | 'config' | 'log'>): () => Promise<void> {
  const resealer = new Resealer({ db, keys: config.DATA_KEYS, clock, log });
  const stop = startRounds({
    work: () => resealer.round(),
    // Any batch but an empty one is followed by the next.
    full: 1,
    everyMs: RESEAL_MS,
    what: 'values under an old key',
    ...{ clock, log },
  });
  const status = new KeyStatus({ db, config, clock });
  const stopNoting = startRounds({
    ...{ work: () => status.note(), everyMs: NOTE_MS, what: 'which keys there are', clock, log },
  });
  return async () => {
    await Promise.all([stop(), stopNoting()]);
    await resealer.leave().catch(() => undefined);
  };
}
