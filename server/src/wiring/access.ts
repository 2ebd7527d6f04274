import { dataKeysOf } from '../config/data-keys.ts';
import type { Deps } from '../config/deps.ts';
import { RateLimiter } from '../adapters/redis/rate-limit.ts';
import { ApprovalStore } from '../access/store/approvals.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { SessionStore } from '../access/store/sessions.ts';
import { SecretSeal } from '../kernel/secret-seal.ts';
import { SetupLinkStore } from '../access/store/setup-link.ts';
import { UserStore } from '../access/store/users.ts';
import { FIRST_ORGS } from '../access/xinjiang.ts';
import { Approvals } from '../access/approvals.ts';
import { createAudit, type AuditServices } from './audit.ts';
import { Lockout } from '../access/lockout.ts';
import { Roles } from '../access/roles.ts';
import { SecondFactor } from '../access/second-factor.ts';
import { Setup } from '../access/setup.ts';
import { Sessions } from '../access/sessions.ts';
import { UserResets } from '../access/user-resets.ts';
import { Users } from '../access/users.ts';

/** Who may do what, wired once for each process. Later parts register their approval kinds on `approvals`. */
export interface AccessServices extends AuditServices {
  readonly limiter: RateLimiter;
  readonly approvals: Approvals;
  readonly users: Users;
  readonly resets: UserResets;
  readonly roles: Roles;
  readonly userStore: UserStore;
  readonly sessions: Sessions;
  readonly factor: SecondFactor;
  readonly setup: Setup;
  /** While there is no user and none is configured: where the first one is made, to be printed. */
  readonly setupLink: string | null;
  readonly orgs: OrgStore;
}

/** Makes the indexes, the first organisations, the administrator's role and, while there is no user, the first administrator. */
export async function createAccess(
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'config' | 'log'>,
): Promise<AccessServices> {
  const { db, clock, log } = deps;
  const keys = dataKeysOf(deps.config);
  const userStore = new UserStore(db, keys);
  const sessionStore = new SessionStore(db);
  const approvalStore = new ApprovalStore(db);
  const orgs = new OrgStore(db);
  await Promise.all([
    userStore.prepare(),
    sessionStore.prepare(),
    approvalStore.prepare(),
    orgs.prepare(FIRST_ORGS),
  ]);
  const limiter = new RateLimiter(deps.redis);
  const trail = await createAudit(deps);
  const { audit } = trail;
  const approvals = new Approvals({ store: approvalStore, audit, clock });
  const lockout = new Lockout(limiter);
  const shared = { approvals, audit, clock, sessions: sessionStore };
  const users = new Users({ ...shared, users: userStore, orgs, lockout });
  const resets = new UserResets({ ...shared, users, store: userStore });
  const roles = new Roles({ store: userStore, approvals, audit });
  if (await users.bootstrap(deps.config.ADMIN_PASSWORD)) log.info('the first administrator was made');
  const setup = new Setup({ store: new SetupLinkStore(db), users, clock });
  const setupLink = (await userStore.any()) ? null : await setup.link();
  const seal = new SecretSeal(keys, 'bianmin second factors');
  const factor = new SecondFactor({ users: userStore, seal, clock });
  const required = deps.config.ADMIN_TOTP === 'required';
  const stores = { users: userStore, sessions: sessionStore };
  const sessions = new Sessions({ ...stores, factor, required, limiter, clock });
  return {
    limiter,
    ...trail,
    approvals,
    users,
    resets,
    roles,
    userStore,
    sessions,
    factor,
    setup,
    setupLink,
    orgs,
  };
}
