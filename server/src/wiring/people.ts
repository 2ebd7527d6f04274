import type { Clock } from '@bianmin/card/clock';
import type { Connection } from 'mongoose';
import { Approvals } from '../access/approvals.ts';
import { Checkers } from '../access/checkers.ts';
import { GuessLimiter } from '../access/guesses.ts';
import { Persons } from '../access/persons.ts';
import { RefusedTries } from '../access/refused-tries.ts';
import { Settling } from '../access/settling.ts';
import { Setup } from '../access/setup.ts';
import { ApprovalClaimStore } from '../access/store/approval-claims.ts';
import { ApprovalStore } from '../access/store/approvals.ts';
import { AttemptStore } from '../access/store/attempts.ts';
import { BreakGlassStore } from '../access/store/break-glass.ts';
import { InvitationStore } from '../access/store/invitations.ts';
import { AccessMarkStore } from '../access/store/marks.ts';
import { OrgStore } from '../access/store/orgs.ts';
import { PasskeyStore } from '../access/store/passkeys.ts';
import { SessionStore } from '../access/store/sessions.ts';
import { SetupLinkStore } from '../access/store/setup-link.ts';
import { UserStore } from '../access/store/users.ts';
import { FIRST_ORGS } from '../access/xinjiang.ts';
import { Users } from '../access/users.ts';
import { exclusively } from '../adapters/mongo/exclusive.ts';
import { MongoLeases } from '../adapters/mongo/leases.ts';
import type { Config } from '../config/config.ts';
import { createAudit } from './audit.ts';

/** Users and what two persons decide, on the database alone: of web processes, and of commands at the server. Makes the indexes. */
export async function createPeople(deps: {
  readonly db: Connection;
  readonly clock: Clock;
  readonly config: Pick<Config, 'DATA_KEYS'>;
}) {
  const { db, clock } = deps;
  const userStore = new UserStore(db, deps.config.DATA_KEYS);
  const sessionStore = new SessionStore(db);
  const approvalStore = new ApprovalStore(db);
  const attempts = new AttemptStore(db);
  const sealedCodes = new BreakGlassStore(db);
  const passkeys = new PasskeyStore(db);
  const invitations = new InvitationStore(db);
  const orgs = new OrgStore(db);
  await Promise.all([
    ...[userStore, sessionStore, approvalStore, attempts, sealedCodes, passkeys, invitations].map((store) =>
      store.prepare(),
    ),
    orgs.prepare(FIRST_ORGS),
  ]);
  const trail = await createAudit(deps);
  const { audit } = trail;
  const refused = new RefusedTries({ audit, clock });
  const guesses = new GuessLimiter({ store: attempts, audit: refused, clock });
  const approvals = new Approvals({ store: approvalStore, claims: new ApprovalClaimStore(db), audit, clock });
  const allowing = () => approvals.permissions();
  const marks = new AccessMarkStore(db);
  const settling = new Settling({ marks, clock });
  const checkers = new Checkers({ users: userStore, settling, needed: allowing });
  const persons = new Persons({ marks, users: userStore, clock });
  const users = new Users({
    ...{ users: userStore, orgs, sessions: sessionStore, passkeys, invitations },
    ...{ guesses, approvals, audit, clock },
    ...{ persons, settling, checkers },
    oneAtATime: exclusively(new MongoLeases<string>(db, 'JobLease'), 'shutting a user out', clock),
  });
  const setup = new Setup({ store: new SetupLinkStore(db), users, guesses, audit, clock });
  const stores = { userStore, sessionStore, passkeyStore: passkeys, sealedCodes, orgs, marks, invitations };
  return { ...stores, persons, trail, guesses, approvals, allowing, settling, checkers, users, setup };
}
