import type { AccessServices } from './access.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Deps } from '../config/deps.ts';
import type { Services } from './orders.ts';
import type { FleetServices } from './fleet.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { ChannelQuery } from '../people/staff/channel-query.ts';
import { Decisions } from '../people/staff/decisions.ts';
import { Diagnoses } from '../people/staff/diagnoses.ts';
import { OpenOrders } from '../people/staff/open-orders.ts';
import { OrderNotes } from '../people/staff/order-notes.ts';
import { SavedFilters } from '../people/staff/saved-filters.ts';
import { Readings } from '../people/staff/readings.ts';
import { ReadingStore } from '../people/staff/readings-store.ts';
import { ReplacementConfirms } from '../people/staff/replacement-confirms.ts';
import { Replacements } from '../people/staff/replacements.ts';
import { ReplacementStore } from '../people/staff/replacements-store.ts';
import { Reversals } from '../people/staff/reversals.ts';
import { Rewrites } from '../people/staff/rewrites.ts';
import { StaffedTerminals } from '../people/staff/staffed-terminals.ts';

/** What staff may do to cards and orders; web answers with it. */
export interface StaffServices {
  readonly cases: Cases;
  readonly readings: Readings;
  readonly reversals: Reversals;
  readonly rewrites: Rewrites;
  readonly replacements: Replacements;
  readonly confirms: ReplacementConfirms;
  readonly decisions: Decisions;
  readonly diagnoses: Diagnoses;
  readonly channelQuery: ChannelQuery;
  readonly notes: OrderNotes;
  readonly filters: SavedFilters;
  readonly terminals: StaffedTerminals;
}

/** Makes the indexes and registers what a second person decides. Once in a process, before any request. */
export async function createStaff(init: {
  deps: Pick<Deps, 'db' | 'clock' | 'config' | 'grid' | 'log'>;
  services: Pick<
    Services,
    'mover' | 'sales' | 'refunds' | 'writes' | 'keys' | 'sources' | 'receiving' | 'trigger'
  >;
  access: Pick<AccessServices, 'approvals' | 'audit'>;
  fleet: Pick<FleetServices, 'terminals'>;
}): Promise<StaffServices> {
  const { db, clock, config, grid, log } = init.deps;
  const { mover, sales, refunds, writes, keys, sources, receiving, trigger } = init.services;
  const cases = new Cases({ store: new MongoCaseStore(db), clock });
  const { approvals, audit } = init.access;
  const seal = new NumberSeal(config.DATA_KEYS);
  const readingStore = new ReadingStore(db);
  const replacementStore = new ReplacementStore(db, seal);
  const notes = new OrderNotes({ db, audit, clock });
  const filters = new SavedFilters({ db, clock });
  await Promise.all([replacementStore.prepare(), notes.prepare(), filters.prepare()]);
  const terminals = new StaffedTerminals(init.fleet.terminals);
  const confirms = new ReplacementConfirms({ store: replacementStore, grid, cases, log });
  const readings = new Readings({ store: readingStore, orders: mover.store, grid, audit, clock });
  return {
    cases,
    readings,
    terminals,
    reversals: new Reversals({ mover, sales, readings, approvals, grid }),
    rewrites: new Rewrites({ writes, mover, terminals, audit }),
    replacements: new Replacements({
      store: replacementStore,
      mover,
      orders: new OpenOrders({ grid: grid.grid, mover }),
      grid,
      terminals,
      approvals,
      confirms,
      keys,
    }),
    confirms,
    diagnoses: new Diagnoses({ mover, grid, terminals: init.fleet.terminals, orgs: new OrgStore(db) }),
    decisions: new Decisions({ mover, sales, refunds, grid, cases, approvals, audit }),
    channelQuery: new ChannelQuery({ sources, receiving, trigger, cases, audit }),
    ...{ notes, filters },
  };
}
