import { NumberSeal } from '../kernel/sealed-number.ts';
import type { Deps } from '../config/deps.ts';
import type { ConsentLimits } from '../people/consents/consent.ts';
import { ConsentOffice } from '../people/consents/office.ts';
import { ConsentOrders } from '../people/consents/consent-orders.ts';
import { Consents } from '../people/consents/consents.ts';
import { ConsentStore } from '../people/consents/consent-store.ts';
import { ConsentUsage } from '../people/consents/usage.ts';
import { ConsentViews } from '../people/consents/views.ts';
import type { CounterSessions } from '../people/counter/sessions.ts';
import type { AccessServices } from './access.ts';
import type { Services } from './orders.ts';

/** Households that cannot come, wired once for each web process. */
export interface ConsentServices {
  readonly store: ConsentStore;
  readonly consents: Consents;
  readonly views: ConsentViews;
  readonly office: ConsentOffice;
  readonly sales: ConsentOrders;
  readonly sessions: Pick<CounterSessions, 'staffOf'>;
}

/** Makes the indexes. */
export async function createConsents(
  { db, clock, config, grid }: Pick<Deps, 'db' | 'clock' | 'config'> & { grid: { readonly grid: string } },
  from: {
    readonly access: Pick<AccessServices, 'audit' | 'userStore' | 'orgs'>;
    readonly services: Pick<Services, 'remote' | 'cardSessions' | 'store'>;
    readonly sessions: Pick<CounterSessions, 'staffOf'>;
  },
): Promise<ConsentServices> {
  const { audit, userStore, orgs } = from.access;
  const { remote, cardSessions, store: orders } = from.services;
  const { sessions } = from;
  const seal = new NumberSeal(config.DATA_KEYS);
  const bounds: ConsentLimits = {
    perPurchaseFen: config.CONSENT_PURCHASE_FEN,
    perMonthFen: config.CONSENT_MONTH_FEN,
  };
  const store = new ConsentStore(db, seal);
  await store.prepare();
  const consents = new Consents({
    ...{ store, sessions: cardSessions, remote, grid: grid.grid },
    ...{ seal, bounds, audit, clock },
  });
  const usage = new ConsentUsage({ store, orders, bounds, clock });
  const views = new ConsentViews({ usage, users: userStore, clock });
  return {
    ...{ store, consents, views, sessions },
    office: new ConsentOffice({ store, consents, views, orgs }),
    sales: new ConsentOrders({ consents, usage, remote, sessions, bounds, clock }),
  };
}
