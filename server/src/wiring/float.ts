import type { AccessServices } from './access.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import { Cases } from '../cases/cases.ts';
import type { Deps } from '../config/deps.ts';
import type { Services } from './orders.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { CashDesk } from '../money/float/cash.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { FloatScope } from '../money/float/float-scope.ts';
import { Floats } from '../money/float/floats.ts';
import { FloatStore } from '../money/float/float-store.ts';
import { HandOutFollower } from '../money/float/hand-out-follower.ts';
import { HandOutWatch } from '../money/float/hand-out-watch.ts';
import { HandOuts } from '../money/float/hand-outs.ts';
import { cashOffers } from '../money/float/offers.ts';
import { StaffPins } from '../money/float/pins.ts';
import { ShiftFollower } from '../money/float/shift-follower.ts';
import { ShiftTickets } from '../money/float/shift-tickets.ts';
import { ShiftWatch } from '../money/float/shift-watch.ts';
import { Shifts } from '../money/float/shifts.ts';

/** Between two looks at cash that waits, or at shifts. */
const WATCH_MS = 60_000;

/** Cash at counters and the floats that stand for it, wired once for each web process. */
export interface FloatServices {
  readonly cash: CashDesk;
  readonly floats: Floats;
  readonly scopes: FloatScope;
  readonly pins: StaffPins;
  readonly handOuts: HandOuts;
  readonly tickets: ShiftTickets;
  readonly shifts: Shifts;
}

/** Makes the indexes. `hash`: for tests, a cheaper one. */
export async function createFloats(init: {
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'config'>;
  services: Pick<Services, 'mover' | 'receiving' | 'closing' | 'floats' | 'receipts'>;
  access: Pick<AccessServices, 'approvals' | 'audit' | 'guesses' | 'userStore'>;
  hash?: (pin: string) => Promise<string>;
}): Promise<FloatServices> {
  const { db, redis, clock, config } = init.deps;
  const { mover, receiving, closing, floats: desk, receipts } = init.services;
  if (desk === undefined) throw new Error('The order engine was wired without floats.');
  const { approvals, audit, guesses, userStore: users } = init.access;
  const store = new FloatStore(db);
  await store.prepare();
  const pins = new StaffPins({
    ...{ db, users, guesses, keys: config.DATA_KEYS },
    ...(init.hash === undefined ? {} : { hash: init.hash }),
  });
  await pins.prepare();
  const offers = cashOffers(redis);
  const cases = new Cases({ store: new MongoCaseStore(db), clock });
  const follower = new HandOutFollower({ mover, desk, cases });
  const pin = { afterMs: config.COUNTER_PIN_AFTER_MS, aboveFen: config.COUNTER_PIN_ABOVE_FEN };
  const tickets = new ShiftTickets({ redis, pins, users, clock, pin });
  return {
    tickets,
    shifts: new Shifts({ store, desk, tickets, pins, audit, follower: new ShiftFollower(cases) }),
    cash: new CashDesk({
      mover,
      receiving,
      closing,
      store,
      desk,
      pins,
      offers,
      tickets,
      users,
      receipts,
      audit,
    }),
    floats: new Floats({ store, desk, approvals }),
    scopes: new FloatScope({ store, terminals: new TerminalStore(db) }),
    pins,
    handOuts: new HandOuts({ mover, store, desk, follower, pins, audit }),
  };
}

/** Looks in rounds after cash that waits for its household, until stopped; for a worker. */
export function watchHandOuts(
  { db, config, clock, log }: Pick<Deps, 'db' | 'config' | 'clock' | 'log'>,
  { mover, floats: desk }: Pick<Services, 'mover' | 'floats'>,
): () => Promise<void> {
  if (desk === undefined) throw new Error('The order engine was wired without floats.');
  const cases = new Cases({ store: new MongoCaseStore(db), clock });
  const follower = new HandOutFollower({ mover, desk, cases });
  const watch = new HandOutWatch({ mover, cases, follower, afterMs: config.CASH_CASE_AFTER_MS, log });
  return startRounds({
    work: () => watch.round(),
    everyMs: WATCH_MS,
    what: 'cash that waits at counters',
    ...{ clock, log },
  });
}

/** Looks in rounds after shifts that nobody counts, until stopped; for a worker. */
export function watchShifts(
  { db, config, clock, log }: Pick<Deps, 'db' | 'config' | 'clock' | 'log'>,
  { floats: desk }: Pick<Services, 'floats'>,
): () => Promise<void> {
  if (desk === undefined) throw new Error('The order engine was wired without floats.');
  const cases = new Cases({ store: new MongoCaseStore(db), clock });
  const watch = new ShiftWatch({
    ...{ store: new FloatStore(db), desk, cases, follower: new ShiftFollower(cases) },
    ...{ afterMs: config.SHIFT_CASE_AFTER_MS, clock, log },
  });
  return startRounds({
    work: () => watch.round(),
    everyMs: WATCH_MS,
    what: 'shifts at counters',
    ...{ clock, log },
  });
}
