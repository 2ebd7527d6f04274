import type { Clock } from '@bianmin/card/clock';
import { Approvals } from '../../access/approvals.ts';
import { Cases } from '../../cases/cases.ts';
import type { Services } from '../../wiring/orders.ts';
import { CashDesk } from '../../money/float/cash.ts';
import { sessionOver } from '../../money/float/shift-tickets.ts';
import { FoundMoney } from '../../money/refunds/found-money.ts';
import { RefundRequests } from '../../money/refunds/requests.ts';
import { Decisions } from '../../people/staff/decisions.ts';
import { Readings } from '../../people/staff/readings.ts';
import { Reversals } from '../../people/staff/reversals.ts';
import type { User } from '../../access/store/users.ts';
import { MemoryApprovalClaims } from '../memory-approvals.ts';
import { through, type Gate } from './gate.ts';
import type { Shared } from './shared.ts';

/** What staff work with, in one web process. */
export interface StaffDesks {
  readonly approvals: Approvals;
  readonly cases: Cases;
  readonly decisions: Decisions;
  readonly refunds: RefundRequests;
  readonly readings: Readings;
  readonly reversals: Reversals;
  readonly found: FoundMoney;
  readonly cash: CashDesk;
}

const NO_PIN = { afterMs: 0, aboveFen: 0 };
/** Takes cash at a counter. */
const CASHIER: User = {
  ...{ _id: 'carla', name: 'carla', passwordHash: '', roles: ['cashier'], status: 'active' },
  createdAt: new Date(0),
};

/** The real desks, on stores that others use as well. Who people are is not the question here: every PIN is right. */
export function staffDesks(on: { services: Services; shared: Shared; gate: Gate; clock: Clock }): StaffDesks {
  const { services, shared, gate, clock } = on;
  const { mover, sales, refunds, trigger, receiving, closing, floats, receipts, meters } = services;
  if (floats === undefined) throw new Error('The order engine was wired without floats.');
  const audit = through({ record: () => Promise.resolve() }, gate, ['record']);
  const grid = through(shared.grid, gate, ['identify', 'queryOriginal']);
  const cases = new Cases({ store: through(shared.cases, gate, ['insert', 'replace']), clock });
  const store = through(shared.approvals, gate, ['insert', 'decide', 'startRun', 'endRun', 'releaseRun']);
  const approvals = new Approvals({ store, claims: new MemoryApprovalClaims(), audit, clock });
  const readings = new Readings({
    ...{ store: through(shared.readings, gate, ['insert', 'fill']), orders: mover.store },
    ...{ grid, audit, clock },
  });
  return {
    ...{ approvals, cases, readings },
    decisions: new Decisions({ mover, sales, refunds, grid, cases, approvals, audit }),
    refunds: new RefundRequests({
      ...{ mover, trigger, audit, isCase: () => Promise.resolve(true) },
      askMeter: (order) => meters.ask(order),
    }),
    reversals: new Reversals({ mover, sales, readings, approvals, grid: shared.grid }),
    found: new FoundMoney({ cases, mover, approvals, trigger }),
    cash: new CashDesk({
      ...{ mover, receiving, closing, desk: floats, receipts, audit },
      store: through(shared.floats, gate, ['get', 'byTerminal']),
      pins: { check: () => Promise.resolve(CASHIER) },
      offers: { issue: () => Promise.resolve('ticket'), find: () => Promise.resolve(null) },
      // Nobody signs in for a shift here.
      tickets: { use: () => Promise.resolve(null), renew: () => Promise.reject(sessionOver()), pin: NO_PIN },
      users: {
        get: () => Promise.resolve(CASHIER),
        permissionsOf: () => Promise.resolve(new Set(['float:use'] as const)),
      },
    }),
  };
}
