import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import { Approvals } from '../access/approvals.ts';
import { AuditCheck } from '../access/audit-check.ts';
import { auditHeads } from '../access/audit-heads.ts';
import { AuditTrail } from '../access/audit.ts';
import { ARGON2ID, hashPassword, type Argon2Cost } from '../access/password.ts';
import { KnownDevices } from '../access/devices.ts';
import { GuessLimiter } from '../access/guesses.ts';
import { Invitations } from '../access/invitations.ts';
import { Checkers } from '../access/checkers.ts';
import { Persons } from '../access/persons.ts';
import { Settling } from '../access/settling.ts';
import { Roles } from '../access/roles.ts';
import { RolesFromFile } from '../access/roles-file.ts';
import { Setup } from '../access/setup.ts';
import { SecondFactor } from '../access/second-factor.ts';
import { Sessions } from '../access/sessions.ts';
import { UserResets } from '../access/user-resets.ts';
import { Users } from '../access/users.ts';
import { RateLimiter } from '../adapters/redis/rate-limit.ts';
import { Orgs } from '../people/orgs/orgs.ts';
import { FIRST_ORGS } from '../access/xinjiang.ts';
import { ApprovalClaimStore } from '../access/store/approval-claims.ts';
import { ApprovalStore } from '../access/store/approvals.ts';
import { AttemptStore } from '../access/store/attempts.ts';
import { AuditStore } from '../access/store/audit.ts';
import { InvitationStore } from '../access/store/invitations.ts';
import { OrgStore, type Org } from '../access/store/orgs.ts';
import { AccessMarkStore } from '../access/store/marks.ts';
import { SetupLinkStore } from '../access/store/setup-link.ts';
import { Passkeys } from '../access/passkeys.ts';
import { PasskeyStore } from '../access/store/passkeys.ts';
import { SessionStore } from '../access/store/sessions.ts';
import { AcceptAllowanceStore } from '../fleet/store/accept-allowances.ts';
import { AcceptAllowance } from '../fleet/terminals/accept-allowance.ts';
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
    claims: new ApprovalClaimStore(t.db),
    attempts: new AttemptStore(t.db),
    marks: new AccessMarkStore(t.db),
    passkeys: new PasskeyStore(t.db),
    invitations: new InvitationStore(t.db),
    audit: new AuditStore(t.db),
    orgs: new OrgStore(t.db),
  };
  const { users: people, approvals: asked, audit: trail } = stores;
  // Sessions and attempts without their indexes: the database would drop those of a test's clock by its own, each minute.
  await Promise.all([people, asked, trail].map((store) => store.prepare()));
  await stores.orgs.prepare(FIRST_ORGS);
  const limiter = new RateLimiter(t.redis);
  const heads = auditHeads(t.db, Buffer.alloc(32, 6));
  const audit = new AuditTrail(stores.audit, heads, clock);
  const auditCheck = new AuditCheck({ store: stores.audit, heads });
  const approvals = new Approvals({ store: stores.approvals, claims: stores.claims, audit, clock });
  const hash = (password: string): Promise<string> => hashPassword(password, CHEAP_HASH);
  const { passkeys } = stores;
  const shared = { approvals, audit, clock, hash, sessions: stores.sessions, passkeys };
  const guesses = new GuessLimiter({ store: stores.attempts, audit, clock });
  const persons = new Persons({ marks: stores.marks, users: stores.users, clock });
  const settling = new Settling({ marks: stores.marks, clock });
  const allowing = () => approvals.permissions();
  const checkers = new Checkers({ users: stores.users, settling, needed: allowing });
  const rules = { persons, settling, checkers, oneAtATime: inTurn() };
  const { orgs, invitations: links } = stores;
  const users = new Users({ ...shared, ...rules, users: stores.users, orgs, invitations: links, guesses });
  const invitations = new Invitations({
    ...shared,
    persons,
    users,
    userStore: stores.users,
    orgs,
    store: links,
    guesses,
  });
  const resets = new UserResets({ ...shared, users, store: stores.users });
  const setup = new Setup({ store: new SetupLinkStore(t.db), users, guesses, audit, clock });
  const roles = new Roles({ ...rules, store: stores.users, approvals, audit, clock });
  const rolesFromFile = new RolesFromFile({ roles, approvals });
  const seal = new SecretSeal(Buffer.alloc(32, 5), 'tests');
  const factor = new SecondFactor({ users: stores.users, passkeys, seal, clock });
  const logins = { users: stores.users, sessions: stores.sessions };
  const devices = new KnownDevices({ secret: Buffer.alloc(32, 8), clock });
  const sessionsInit = {
    ...{ ...logins, factor, guesses, devices },
    ...{ settling, allowing, clock, hash },
    passkeys: new Passkeys({ store: passkeys, sessions: stores.sessions, site: null, clock }),
  };
  const sessions = new Sessions(sessionsInit);
  return {
    ...{ stores, limiter, guesses, audit, auditCheck, heads, approvals, checkers },
    ...{ setup, users, resets, invitations, roles, rolesFromFile, sessions, sessionsInit, factor },
  };
}

/** As the lease of the servers does it, within one process. */
function inTurn(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/** The organisations of a test, over its access. */
export function orgsOf({ stores, checkers, audit }: TestAccess, terminals: TerminalStore): Orgs {
  return new Orgs({ store: stores.orgs, terminals, users: stores.users, checkers, audit });
}

/** How many terminals one person lets in alone, over a test's access. */
export function allowanceOf(
  { approvals, stores }: TestAccess,
  { db, clock, alone = 20 }: { db: Connection; clock: Clock; alone?: number },
): AcceptAllowance {
  const getWithin = async (id: string): Promise<Org> => {
    const org = await stores.orgs.get(id);
    if (org === null) throw new Error(`There is no organisation ${id}.`);
    return org;
  };
  const store = new AcceptAllowanceStore(db);
  return new AcceptAllowance({ store, orgs: { getWithin }, approvals, clock, alone });
}

export type TestAccess = Awaited<ReturnType<typeof openAccess>>;
