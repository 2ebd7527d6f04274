import type { AccessServices } from './access.ts';
import type { Deps } from '../config/deps.ts';
import type { Services } from './orders.ts';
import { FloatStore } from '../money/float/float-store.ts';
import type { Shifts } from '../money/float/shifts.ts';
import type { FloatServices } from './float.ts';
import type { Diagnoses } from '../people/staff/diagnoses.ts';
import { CounterCash } from '../people/counter/cash.ts';
import { CounterOrders } from '../people/counter/orders.ts';
import { CounterSessions } from '../people/counter/sessions.ts';
import { Takings } from '../people/counter/takings.ts';

/** Staff mode at a terminal, wired once for each web process. */
export interface CounterServices {
  readonly sessions: CounterSessions;
  readonly orders: CounterOrders;
  readonly takings: Takings;
  readonly cash: CounterCash;
  readonly shifts: Shifts;
}

export function createCounter(init: {
  deps: Pick<Deps, 'db' | 'redis' | 'clock'>;
  services: Pick<Services, 'store' | 'receipts'>;
  access: Pick<AccessServices, 'audit' | 'userStore'>;
  floats: Pick<FloatServices, 'pins' | 'handOuts' | 'tickets' | 'shifts'>;
  diagnoses: Pick<Diagnoses, 'of'>;
}): CounterServices {
  const { db, redis, clock } = init.deps;
  const { store, receipts } = init.services;
  const { pins, handOuts, tickets, shifts } = init.floats;
  const { audit, userStore: users } = init.access;
  return {
    sessions: new CounterSessions({ redis, pins, users, audit, clock, tickets, shifts }),
    orders: new CounterOrders({ store, receipts, clock, diagnoses: init.diagnoses }),
    takings: new Takings({ store: new FloatStore(db), handOuts, clock }),
    cash: new CounterCash({ handOuts, receipts }),
    shifts,
  };
}
