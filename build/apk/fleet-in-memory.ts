import { randomBytes } from 'node:crypto';
import { systemClock } from '@bianmin/shared/node/system-clock';
import type { AuditTrail } from '../../server/src/access/audit.ts';
import type { Principal } from '../../server/src/access/principal.ts';
import { TerminalAuthenticator } from '../../server/src/fleet/authenticate.ts';
import { BeatKeys } from '../../server/src/fleet/beat-keys.ts';
import { Enrolment } from '../../server/src/fleet/enrolment.ts';
import type { PresenceBoard } from '../../server/src/fleet/presence.ts';
import type { ReplayGuard } from '../../server/src/fleet/replay.ts';
import { TerminalTokens } from '../../server/src/fleet/tokens.ts';
import type { AnyRoute } from '../../server/src/http/route.ts';
import { terminalHeartbeatRoutes } from '../../server/src/http/routes/terminal-heartbeat.ts';
import { terminalIdentityRoutes } from '../../server/src/http/routes/terminal-identity.ts';
import type { EnrolCodeStore } from '../../server/src/store/enrol-codes.ts';
import type { Terminal, TerminalStore } from '../../server/src/store/terminals.ts';
import { memoryLimiter } from '../../server/src/testing/memory-limiter.ts';

/** The server's own identity, tokens and beats over memory; whoever proves a key is accepted. */
export interface FleetInMemory {
  readonly routes: AnyRoute[];
  readonly authenticate: (ctx: Parameters<TerminalAuthenticator['authenticate']>[0]) => Promise<Principal>;
}

export function fleetInMemory(): FleetInMemory {
  const clock = systemClock;
  const secret = randomBytes(32);
  const terminals = terminalsInMemory();
  const replay = replayInMemory();
  const tokens = new TerminalTokens({ secret, find: (id) => terminals.get(id), replay, clock });
  const enrolment = new Enrolment({
    ...{ terminals, replay, clock, limiter: memoryLimiter(clock), commandKey: undefined },
    // Nobody here has a one-time code, so nothing is decided.
    ...{ codes: {} as EnrolCodeStore, audit: {} as AuditTrail, place: () => Promise.resolve() },
  });
  const board = { beat: () => Promise.resolve('taken') } as unknown as PresenceBoard;
  return {
    routes: [
      ...terminalIdentityRoutes({ enrolment, tokens }),
      ...terminalHeartbeatRoutes({
        ...{ board, beatKeys: new BeatKeys({ secret, clock }), random: () => 0.5 },
        commands: { handOut: () => Promise.resolve([]) },
        intervals: { kiosk: 60_000, box: 3_600_000 },
      }),
    ],
    authenticate: new TerminalAuthenticator({ tokens, terminals, replay, clock }).authenticate,
  };
}

function terminalsInMemory(): TerminalStore {
  const known = new Map<string, Terminal>();
  const store: Pick<TerminalStore, 'enrol' | 'get'> = {
    enrol: (terminal) => {
      const accepted: Terminal = { ...terminal, status: 'accepted' };
      known.set(terminal._id, accepted);
      return Promise.resolve(accepted);
    },
    get: (id) => Promise.resolve(known.get(id) ?? null),
  };
  return store as TerminalStore;
}

function replayInMemory(): ReplayGuard {
  const seen = new Set<string>();
  const guard: Pick<ReplayGuard, 'first'> = {
    first: (scope, jti) => {
      const key = `${scope}:${jti}`;
      const first = !seen.has(key);
      seen.add(key);
      return Promise.resolve(first);
    },
  };
  return guard as ReplayGuard;
}
