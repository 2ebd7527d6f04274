import type { Clock } from '@bianmin/shared/clock';
import { Approvals } from '../access/approvals.ts';
import { AuditCheck } from '../access/audit-check.ts';
import { auditHeads } from '../access/audit-heads.ts';
import { AuditTrail } from '../access/audit.ts';
import { ARGON2ID, hashPassword, type Argon2Cost } from '../access/password.ts';
import { Lockout } from '../access/lockout.ts';
import { Roles } from '../access/roles.ts';
import { SecondFactor } from '../access/second-factor.ts';
import { Sessions } from '../access/sessions.ts';
import { UserResets } from '../access/user-resets.ts';
import { Users } from '../access/users.ts';
import { RateLimiter } from '../adapters/redis/rate-limit.ts';
import { Orgs } from '../people/orgs/orgs.ts';
import { FIRST_ORGS } from '../access/xinjiang.ts';
import { ApprovalStore } from '../access/store/approvals.ts';
import { AuditStore } from '../access/store/audit.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { SessionStore } from '../access/store/sessions.ts';
import type { TerminalStore } from '../fleet/store/terminals.ts';
import { SecretSeal } from '../kernel/secret-seal.ts';
import { UserStore } from '../access/store/users.ts';
import type { TestContext } from './context.ts';

/** Of passwords that guard nothing. */
export const CHEAP_HASH: Argon2Cost = { ...ARGON2ID, memoryCost: 64, timeCost: 1 };

/** Users, sessions, approvals and the audit trail on a test's own database, with cheap password hashes. */
export async function openAccess(t: TestContext, clock: Clock) {
  const stores = {
    users: new UserStore(t.db, Buffer.alloc(32, 5)),
    sessions: new SessionStore(t.db),
    approvals: new ApprovalStore(t.db),
    audit: new AuditStore(t.db),
    orgs: new OrgStore(t.db),
  };
  const { users: people, approvals: asked, audit: trail } = stores;
  // Sessions without their indexes: the database would drop those of a test's clock by its own, each minute.
  await Promise.all([people, asked, trail].map((store) => store.prepare()));
  await stores.orgs.prepare(FIRST_ORGS);
  const limiter = new RateLimiter(t.redis);
  const heads = auditHeads(t.db, Buffer.alloc(32, 6));
  const audit = new AuditTrail(stores.audit, heads, clock);
  const auditCheck = new AuditCheck({ store: stores.audit, heads });
  const approvals = new Approvals({ store: stores.approvals, audit, clock });
  const hash = (password: string): Promise<string> => hashPassword(password, CHEAP_HASH);
  const shared = { approvals, audit, clock, hash, sessions: stores.sessions };
  const lockout = new Lockout(limiter);
  const users = new Users({ ...shared, users: stores.users, orgs: stores.orgs, lockout });
  const resets = new UserResets({ ...shared, users, store: stores.users });
  const roles = new Roles({ store: stores.users, approvals, audit });
  const seal = new SecretSeal(Buffer.alloc(32, 5), 'tests');
  const factor = new SecondFactor({ users: stores.users, seal, clock });
  const logins = { users: stores.users, sessions: stores.sessions };
  const sessions = new Sessions({ ...logins, factor, limiter, clock, hash });
  return { stores, limiter, audit, auditCheck, heads, approvals, users, resets, roles, sessions, factor };
}
/** The organisations of a test, over its access. */
export function orgsOf({ stores, audit }: TestAccess, terminals: TerminalStore): Orgs {
  return new Orgs({ store: stores.orgs, terminals, users: stores.users, audit });
}

export type TestAccess = Awaited<ReturnType<typeof openAccess>>;
