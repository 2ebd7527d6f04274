import type { AccessServices } from '../access/services.ts';
import type { Deps } from '../deps.ts';
import type { Services } from '../domain/services.ts';
import { CashDesk } from './cash.ts';
import { Floats } from './floats.ts';
import { FloatStore } from './float-store.ts';
import { cashOffers } from './offers.ts';
import { StaffPins } from './pins.ts';

/** Cash at counters and the floats that stand for it, wired once for each web process. */
export interface FloatServices {
  readonly cash: CashDesk;
  readonly floats: Floats;
  readonly pins: StaffPins;
}

/** Makes the indexes. `hash`: for tests, a cheaper one. */
export async function createFloats(init: {
  deps: Pick<Deps, 'db' | 'redis' | 'clock'>;
  services: Pick<Services, 'mover' | 'payments' | 'floats' | 'receipts'>;
  access: Pick<AccessServices, 'approvals' | 'audit' | 'userStore'>;
  hash?: (pin: string) => Promise<string>;
}): Promise<FloatServices> {
  const { db, redis, clock } = init.deps;
  const { mover, payments, floats: desk, receipts } = init.services;
  if (desk === undefined) throw new Error('The order engine was wired without floats.');
  const { approvals, audit, userStore: users } = init.access;
  const store = new FloatStore(db);
  await store.prepare();
  const pins = new StaffPins({ db, users, clock, ...(init.hash === undefined ? {} : { hash: init.hash }) });
  await pins.prepare();
  const offers = cashOffers(redis);
  return {
    cash: new CashDesk({ mover, payments, store, desk, pins, offers, users, receipts, audit }),
    floats: new Floats({ store, desk, approvals }),
    pins,
  };
}
