import { randomUUID } from 'node:crypto';
import type { AuditTrail } from '../access/audit.ts';
import { layoutsInForce } from '../config/card-layouts.ts';
import type { Deps } from '../config/deps.ts';
import type { Services } from './orders.ts';
import { SHARDS } from '../kernel/shards.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { MongoShardLeases } from '../adapters/mongo/shard-leases.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { GridDriver, type GridDriverInit } from '../cards/remote/grid-driver.ts';
import { createRemoteCards } from './remote-cards.ts';

const EVERY_MS = 1_000;
/** One worker at a time drives; another takes over when it is silent for so long. Its number is no shard's of orders. */
const LEASE = SHARDS;
const LEASE_MS = 60_000;

/** The worker's part, where the grid may drive cards: the driver, on its stores. `over`: what a test puts in place. */
export async function createGridDriver(
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'config' | 'log' | 'grid'>,
  init: {
    readonly services: Pick<Services, 'store' | 'writes' | 'undos' | 'keys'>;
    readonly audit: AuditTrail;
    readonly over?: Partial<GridDriverInit>;
  },
): Promise<GridDriver> {
  const { clock, log, grid, db } = deps;
  const { sessions, steps, kept, there, terminals } = await createRemoteCards({
    deps,
    services: init.services,
    terminals: new TerminalStore(db),
    layouts: layoutsInForce(deps.config).layouts,
  });
  return new GridDriver({
    ...{ sessions, steps, kept, there, terminals, grid, clock, log },
    audit: init.audit,
    ...init.over,
  });
}

/** Gives what stops it. Leases only spare questions: a step that two put has one number. */
export function driveForGrid(
  { db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>,
  driver: Pick<GridDriver, 'round'>,
): () => Promise<void> {
  const leases = new MongoShardLeases(db);
  const holder = randomUUID();
  const stop = startRounds({
    async work() {
      const now = clock.now();
      const lease = { holder, now: new Date(now), until: new Date(now + LEASE_MS) };
      return (await leases.take(LEASE, lease)) ? driver.round() : 0;
    },
    everyMs: EVERY_MS,
    what: "the grid's card tasks",
    ...{ clock, log },
  });
  return async () => {
    await stop();
    await leases.release(LEASE, holder).catch((error: unknown) => {
      log.warn({ err: error }, 'the lease of the card tasks could not be given back');
    });
  };
}
