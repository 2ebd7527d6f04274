import type { AccessServices } from '../access/services.ts';
import type { Deps } from '../deps.ts';
import type { Services } from '../domain/services.ts';
import { FloatStore } from '../float/float-store.ts';
import type { FloatServices } from '../float/services.ts';
import { CounterCash } from './cash.ts';
import { CounterOrders } from './orders.ts';
import { CounterSessions } from './sessions.ts';
import { Takings } from './takings.ts';

/** Staff mode at a terminal, wired once for each web process. */
export interface CounterServices {
  readonly sessions: CounterSessions;
  readonly orders: CounterOrders;
  readonly takings: Takings;
  readonly cash: CounterCash;
}

export function createCounter(init: {
  deps: Pick<Deps, 'db' | 'redis' | 'clock'>;
  services: Pick<Services, 'store' | 'receipts'>;
  access: Pick<AccessServices, 'audit' | 'userStore'>;
  floats: Pick<FloatServices, 'pins' | 'handOuts'>;
}): CounterServices {
  const { db, redis, clock } = init.deps;
  const { store, receipts } = init.services;
  const { pins, handOuts } = init.floats;
  const { audit, userStore: users } = init.access;
  return {
    sessions: new CounterSessions({ redis, pins, users, audit, clock }),
    orders: new CounterOrders({ store, receipts, clock }),
    takings: new Takings({ store: new FloatStore(db), handOuts, clock }),
    cash: new CounterCash({ handOuts, receipts }),
  };
}
