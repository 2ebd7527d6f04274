import type { Deps } from '../config/deps.ts';
import { exclusively } from '../adapters/mongo/exclusive.ts';
import { MongoLeases } from '../adapters/mongo/leases.ts';
import { RateLimiter } from '../adapters/redis/rate-limit.ts';
import type { OrgStore } from '../access/store/orgs.ts';
import { SecretSeal } from '../kernel/secret-seal.ts';
import type { UserStore } from '../access/store/users.ts';
import type { Approvals } from '../access/approvals.ts';
import type { AuditServices } from './audit.ts';
import type { Checkers } from '../access/checkers.ts';
import { KnownDevices } from '../access/devices.ts';
import { Invitations } from '../access/invitations.ts';
import type { GuessLimiter } from '../access/guesses.ts';
import { Passkeys, passkeySite } from '../access/passkeys.ts';
import { Roles } from '../access/roles.ts';
import { RolesFromFile } from '../access/roles-file.ts';
import { SecondFactor } from '../access/second-factor.ts';
import type { Setup } from '../access/setup.ts';
import { Sessions } from '../access/sessions.ts';
import { UserResets } from '../access/user-resets.ts';
import type { Users } from '../access/users.ts';
import { createPeople } from './people.ts';

/** Who may do what, wired once for each process. Later parts register their approval kinds on `approvals`. */
export interface AccessServices extends AuditServices {
  /** Of requests that are many; what can be guessed has `guesses`. */
  readonly limiter: RateLimiter;
  readonly guesses: GuessLimiter;
  readonly approvals: Approvals;
  readonly checkers: Checkers;
  readonly users: Users;
  readonly resets: UserResets;
  readonly invitations: Invitations;
  readonly roles: Roles;
  readonly rolesFromFile: RolesFromFile;
  readonly userStore: UserStore;
  readonly sessions: Sessions;
  readonly factor: SecondFactor;
  readonly passkeys: Passkeys;
  readonly setup: Setup;
  /** While there is no user and none is configured: where the first one is made, to be printed. */
  readonly setupLink: string | null;
  readonly orgs: OrgStore;
}

/** Makes the indexes, the first organisations, the administrator's role and, while there is no user, the first administrator. */
export async function createAccess(
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'config' | 'log'>,
): Promise<AccessServices> {
  const { clock, config, log } = deps;
  const people = await createPeople(deps);
  const { trail, approvals, users, userStore, sessionStore, guesses, settling, allowing } = people;
  const { setup, orgs, checkers } = people;
  const { audit } = trail;
  const resets = new UserResets({
    ...{ users, store: userStore, sessions: sessionStore, passkeys: people.passkeyStore },
    ...{ approvals, audit, clock },
  });
  const invitations = new Invitations({
    ...{ store: people.invitations, users, userStore, orgs, sessions: sessionStore },
    ...{ approvals, persons: people.persons, guesses, audit, clock },
  });
  const oneAtATime = exclusively(new MongoLeases<string>(deps.db, 'JobLease'), 'changing roles', clock);
  const roles = new Roles({ store: userStore, approvals, audit, clock, oneAtATime });
  await roles.makeReady(people.marks);
  if (await users.bootstrap(config.ADMIN_PASSWORD)) log.info('the first administrator was made');
  const setupLink = (await userStore.any()) ? null : await setup.link();
  const seal = new SecretSeal(config.DATA_KEYS, 'bianmin second factors');
  const { passkeyStore } = people;
  const factor = new SecondFactor({ users: userStore, passkeys: passkeyStore, seal, clock });
  const passkeys = new Passkeys({
    ...{ store: passkeyStore, sessions: sessionStore, clock },
    site: passkeySite(config.ADMIN_ORIGIN ?? config.PUBLIC_URL),
  });
  const devices = new KnownDevices({ secret: config.TOKEN_SECRETS, clock });
  const sessions = new Sessions({
    ...{ users: userStore, sessions: sessionStore, factor, required: config.ADMIN_TOTP === 'required' },
    ...{ guesses, devices, passkeys, settling, allowing, clock },
    idleMs: config.ADMIN_IDLE_MINUTES * 60_000,
  });
  return {
    limiter: new RateLimiter(deps.redis),
    ...trail,
    ...{ guesses, approvals, checkers, users, resets, invitations, roles, userStore },
    ...{ sessions, factor, passkeys, setup, setupLink, orgs },
    rolesFromFile: new RolesFromFile({ roles, approvals }),
  };
}
