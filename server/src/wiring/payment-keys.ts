import type { Approvals } from '../access/approvals.ts';
import type { Config } from '../config/config.ts';
import type { Deps } from '../config/deps.ts';
import { channelsFrom } from '../config/channels.ts';
import { SwappableChannel } from '../gateways/payment/swappable.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { PaymentKeyStore } from '../money/payment-keys/key-store.ts';
import { withUploaded } from '../money/payment-keys/overlay.ts';
import { KeyRotation } from '../money/payment-keys/rotation.ts';

/** How soon each process follows a change. */
const FOLLOW_MS = 15_000;
/** How long an upload waits for its second person. */
const PROPOSED_MS = 7 * 24 * 3_600_000;

type Needs = Pick<Deps, 'db' | 'config' | 'clock' | 'log' | 'channels'>;

/** The web's part: what is uploaded and allowed. */
export async function createKeyRotation(
  { db, config, clock }: Pick<Needs, 'db' | 'config' | 'clock'>,
  approvals: Approvals,
): Promise<KeyRotation> {
  const store = new PaymentKeyStore(db, config.DATA_KEYS);
  await store.prepare();
  return new KeyRotation({ store, approvals, config, clock, build: (of) => channelsFrom(of, clock) });
}

/** The configuration as uploaded keys make it now; for the start of a process. */
export async function currentConfig({
  db,
  config,
  clock,
}: Pick<Needs, 'db' | 'config' | 'clock'>): Promise<Config> {
  const store = new PaymentKeyStore(db, config.DATA_KEYS);
  return withUploaded(config, await store.active(new Date(clock.now())));
}

/**
 * Follows what was allowed: where the keys that count are others than before, channels are made anew and put in their place. What
 * cannot be made leaves the channels as they are, and is said in the log each time.
 */
export function followKeys(deps: Needs): () => Promise<void> {
  const { db, config, clock, log, channels } = deps;
  if (![...channels.values()].some((channel) => channel instanceof SwappableChannel)) {
    return () => Promise.resolve();
  }
  const store = new PaymentKeyStore(db, config.DATA_KEYS);
  let known: string | undefined;
  const look = async (): Promise<number> => {
    const now = new Date(clock.now());
    await store.dropProposedBefore(new Date(now.getTime() - PROPOSED_MS));
    const keys = await store.active(now);
    const these = keys.map(({ _id }) => _id).join(' ');
    if (these === known) return 0;
    const made = channelsFrom(withUploaded(config, keys), clock);
    for (const [name, channel] of channels) {
      const next = made.get(name);
      if (channel instanceof SwappableChannel && next !== undefined) channel.swap(next);
    }
    if (known !== undefined) log.warn({ keys: keys.length }, "channels' keys were changed");
    known = these;
    return 0;
  };
  return startRounds({ work: look, everyMs: FOLLOW_MS, what: "channels' keys", clock, log });
}
