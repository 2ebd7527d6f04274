import type { Deps } from '../deps.ts';
import { RateLimiter } from '../http/rate-limit.ts';
import { ApprovalStore } from '../store/approvals.ts';
import { AuditStore } from '../store/audit.ts';
import { OrgStore } from '../store/orgs.ts';
import { SessionStore } from '../store/sessions.ts';
import { UserStore } from '../store/users.ts';
import { FIRST_ORGS } from '../orgs/xinjiang.ts';
import { Approvals } from './approvals.ts';
import { AuditTrail } from './audit.ts';
import { Sessions } from './sessions.ts';
import { Users } from './users.ts';

/** Who may do what, wired once for each process. Later parts register their approval kinds on `approvals`. */
export interface AccessServices {
  readonly limiter: RateLimiter;
  readonly audit: AuditTrail;
  readonly auditStore: AuditStore;
  readonly approvals: Approvals;
  readonly users: Users;
  readonly userStore: UserStore;
  readonly sessions: Sessions;
  readonly orgs: OrgStore;
}

/** Makes the indexes, the first organisations, the administrator's role and, while there is no user, the first administrator. */
export async function createAccess(
  deps: Pick<Deps, 'db' | 'redis' | 'clock' | 'config' | 'log'>,
): Promise<AccessServices> {
  const { db, clock, log } = deps;
  const userStore = new UserStore(db);
  const sessionStore = new SessionStore(db);
  const approvalStore = new ApprovalStore(db);
  const auditStore = new AuditStore(db);
  const orgs = new OrgStore(db);
  await Promise.all([
    userStore.prepare(),
    sessionStore.prepare(),
    approvalStore.prepare(),
    auditStore.prepare(),
    orgs.prepare(FIRST_ORGS),
  ]);
  const limiter = new RateLimiter(deps.redis);
  const audit = new AuditTrail(auditStore, clock);
  const approvals = new Approvals({ store: approvalStore, audit, clock });
  const users = new Users({ users: userStore, approvals, audit, clock });
  if (await users.bootstrap(deps.config.ADMIN_PASSWORD)) log.info('the first administrator was made');
  const sessions = new Sessions({ users: userStore, sessions: sessionStore, limiter, clock });
  return { limiter, audit, auditStore, approvals, users, userStore, sessions, orgs };
}
