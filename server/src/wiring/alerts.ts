import type { AccessServices } from './access.ts';
import type { Deps } from '../config/deps.ts';
import { SecretSeal } from '../kernel/secret-seal.ts';
import { AlertStore } from '../insight/alerts/alert-store.ts';
import { AlertDesk } from '../insight/alerts/desk.ts';
import { Destinations } from '../insight/alerts/destinations.ts';
import { DestinationStore } from '../insight/alerts/destination-store.ts';
import { LimitDesk } from '../insight/alerts/limit-desk.ts';
import { LimitStore } from '../insight/alerts/limit-store.ts';
import { NoticeStore } from '../insight/alerts/notice-store.ts';
import { NoteStore } from '../insight/alerts/note-store.ts';
import { sender } from '../insight/alerts/send/target.ts';
import { Silences } from '../insight/alerts/silences.ts';
import { SilenceStore } from '../insight/alerts/silence-store.ts';

type Needs = Pick<Deps, 'db' | 'redis' | 'config' | 'clock' | 'log'>;

/** Everything that alerts keep; the same in each process. */
export interface AlertStores {
  readonly alerts: AlertStore;
  readonly notices: NoticeStore;
  readonly destinations: DestinationStore;
  readonly silences: SilenceStore;
  readonly limits: LimitStore;
  readonly notes: NoteStore;
}

export async function openAlertStores({ db, config }: Pick<Needs, 'db' | 'config'>): Promise<AlertStores> {
  const stores = {
    alerts: new AlertStore(db),
    notices: new NoticeStore(db),
    destinations: new DestinationStore(db, new SecretSeal(config.DATA_KEYS, 'bianmin alert destinations')),
    silences: new SilenceStore(db),
    limits: new LimitStore(db),
    notes: new NoteStore(db),
  };
  const { limits: _, ...indexed } = stores;
  await Promise.all(Object.values(indexed).map((store) => store.prepare()));
  return stores;
}

/** What a person does about alerts. */
export interface AlertServices {
  readonly desk: AlertDesk;
  readonly silences: Silences;
  readonly destinations: Destinations;
  readonly limits: LimitDesk;
}

/** The web's part. */
export async function createAlerts(
  deps: Pick<Needs, 'db' | 'config' | 'clock'>,
  { audit, orgs }: Pick<AccessServices, 'audit' | 'orgs'>,
): Promise<AlertServices> {
  const stores = await openAlertStores(deps);
  const { clock } = deps;
  return {
    desk: new AlertDesk({ ...stores, audit, clock }),
    silences: new Silences({ store: stores.silences, orgs, audit, clock }),
    destinations: new Destinations({
      ...{ store: stores.destinations, orgs, audit, clock },
      send: sender(() => clock.now()),
    }),
    limits: new LimitDesk({ store: stores.limits, audit }),
  };
}
