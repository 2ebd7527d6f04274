import type { Approvals } from '../access/approvals.ts';
import type { AuditTrail } from '../access/audit.ts';
import type { Config } from '../config/config.ts';
import type { Deps } from '../config/deps.ts';
import { releaseRoots } from '../config/release-roots.ts';
import { releaseKeyOf } from '@bianmin/purchase/node/signed-document';
import { Cohorts } from '../fleet/terminals/cohorts.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { beatIntervals } from '../fleet/terminals/presence-rule.ts';
import { presenceViews } from '../fleet/terminals/presence-view.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import type { OrgStore } from '../access/store/orgs.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { BoxPackages } from '../fleet/releases/box-packages.ts';
import { ReleaseFolder } from '../fleet/releases/folder.ts';
import { RolloutJournal } from '../fleet/releases/journal-store.ts';
import { ReleaseOffers } from '../fleet/releases/offers.ts';
import { CommunityPace } from '../fleet/releases/pace.ts';
import { ReleaseStore } from '../fleet/releases/release-store.ts';
import { Releases } from '../fleet/releases/releases.ts';
import { RolloutStore } from '../fleet/releases/rollout-store.ts';
import { Rollouts } from '../fleet/releases/rollouts.ts';
import { ReleaseTickets } from '../fleet/releases/tickets.ts';
import { RolloutWatch } from '../fleet/releases/watch.ts';

const WATCH_MS = 10_000;

/** Releases and their rollouts, wired once for each web process. */
export interface ReleaseServices {
  readonly releases: Releases;
  readonly rollouts: Rollouts;
  readonly offers: ReleaseOffers;
  readonly packages: BoxPackages;
  readonly tickets: ReleaseTickets;
  readonly pace: CommunityPace;
}

/** Makes the indexes. Undefined where this server takes no releases: RELEASE_DIR and RELEASE_ROOT_FILE belong together. */
export async function createReleases(
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'log' | 'config'>,
  access: { readonly audit: AuditTrail; readonly approvals: Approvals; readonly orgs: OrgStore },
): Promise<ReleaseServices | undefined> {
  const { db, redis, clock, config } = deps;
  const releases = await openReleases(deps, access.audit);
  if (releases === undefined) return undefined;
  const store = new RolloutStore(db);
  const journal = new RolloutJournal(db);
  await Promise.all([store.prepare(), journal.prepare()]);
  const tickets = new ReleaseTickets({ secret: config.TOKEN_SECRETS, clock });
  return {
    releases,
    rollouts: new Rollouts({ store, journal, releases, ...access, clock }),
    packages: new BoxPackages({ releases, rollouts: store }),
    offers: new ReleaseOffers({ releases, rollouts: store, journal, tickets, clock }),
    tickets,
    pace: new CommunityPace({ redis, clock, bytesPerS: config.RELEASE_BYTES_PER_S }),
  };
}

/** The releases alone; undefined where none are taken. Throws `TypeError` where one of the settings is none. */
export async function openReleases(
  {
    db,
    clock,
    log,
    config,
  }: Pick<Deps, 'db' | 'clock' | 'log'> & {
    readonly config: Pick<Config, 'RELEASE_DIR' | 'RELEASE_ROOT_FILE' | 'RELEASE_PUBLIC_KEY'>;
  },
  audit: AuditTrail,
): Promise<Releases | undefined> {
  const { RELEASE_DIR: folder, RELEASE_PUBLIC_KEY: key } = config;
  if (folder === undefined) return undefined;
  const roots = releaseRoots(config);
  if (roots === undefined) {
    throw new TypeError(
      'RELEASE_DIR needs RELEASE_ROOT_FILE: who signs releases. Make it with npm run release -- root.',
    );
  }
  const store = new ReleaseStore(db);
  await store.prepare();
  return new Releases({
    ...{ store, folder: new ReleaseFolder(folder), root: roots.root, audit, clock, log },
    formerKey: key === undefined ? undefined : releaseKeyOf(key),
  });
}

/** What judges running rollouts. Makes the indexes. */
export async function createWatch(
  { db, redis, clock, log, config }: Pick<Deps, 'db' | 'redis' | 'clock' | 'log' | 'config'>,
  audit: AuditTrail,
): Promise<RolloutWatch> {
  const store = new RolloutStore(db);
  const journal = new RolloutJournal(db);
  await Promise.all([store.prepare(), journal.prepare()]);
  const heard = {
    board: new PresenceBoard(redis, clock),
    store: new TerminalHealthStore(db),
    ...{ clock, intervals: beatIntervals(config) },
  };
  const presenceOf = presenceViews(heard);
  const cohorts = new Cohorts({ ...heard, terminals: new TerminalStore(db) });
  return new RolloutWatch({ store, journal, audit, clock, log, presenceOf, cohorts });
}

/** The worker's part: judges running rollouts again and again. Gives what stops it. */
export async function watchRollouts(
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'log' | 'config'>,
  audit: AuditTrail,
): Promise<() => Promise<void>> {
  const watch = await createWatch(deps, audit);
  return startRounds({
    work: () => watch.round(),
    everyMs: WATCH_MS,
    what: 'rollouts of releases',
    ...{ clock: deps.clock, log: deps.log },
  });
}
