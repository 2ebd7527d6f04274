import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { systemClock } from '@bianmin/card/node/system-clock';
import type { CommandKind } from '@bianmin/purchase/api/command';
import type { AuditTrail } from '../../../server/src/access/audit.ts';
import type { GuessLimiter } from '../../../server/src/access/guesses.ts';
import type { Principal } from '../../../server/src/kernel/principal.ts';
import { TerminalAuthenticator } from '../../../server/src/fleet/terminals/authenticate.ts';
import { BeatKeys } from '../../../server/src/fleet/terminals/beat-keys.ts';
import { CommandSigner } from '../../../server/src/fleet/terminals/command-signer.ts';
import { Enrolment } from '../../../server/src/fleet/terminals/enrolment.ts';
import type { PresenceBoard } from '../../../server/src/fleet/terminals/presence.ts';
import type { ReplayGuard } from '../../../server/src/fleet/terminals/replay.ts';
import type { MachineReports } from '../../../server/src/fleet/terminals/reports.ts';
import { TerminalTokens } from '../../../server/src/fleet/terminals/tokens.ts';
import { ProblemError } from '../../../server/src/kernel/problem.ts';
import type { AnyRoute } from '../../../server/src/route/route.ts';
import { terminalCommandRoutes } from '../../../server/src/fleet/terminals/command-result-routes.ts';
import { terminalHeartbeatRoutes } from '../../../server/src/fleet/terminals/heartbeat-routes.ts';
import { terminalIdentityRoutes } from '../../../server/src/fleet/terminals/identity-routes.ts';
import { terminalReportRoutes } from '../../../server/src/fleet/terminals/report-routes.ts';
import type { EnrolCodeStore } from '../../../server/src/fleet/store/enrol-codes.ts';
import type { Terminal, TerminalStore } from '../../../server/src/fleet/store/terminals.ts';

/**
 * The server's own identity, tokens, beats and commands over memory; a box that proves a key is accepted, and told
 * two things.
 */
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
  const commands = commandsInMemory();
  const beatKeys = new BeatKeys({ secret, clock });
  const enrolment = new Enrolment({
    ...{ terminals, replay, clock, commandKey: commands.publicKey, beatKeys },
    // No box here has a one-time code, so nothing is guessed or decided.
    ...{ codes: {} as EnrolCodeStore, guesses: {} as GuessLimiter },
    limiter: { take: () => Promise.resolve() },
    ...{ audit: {} as AuditTrail, place: () => Promise.resolve() },
  });
  const heard: Pick<PresenceBoard, 'beat'> = {
    beat: () => Promise.resolve({ waits: true, watched: false }),
  };
  const board = heard as PresenceBoard;
  return {
    routes: [
      ...terminalIdentityRoutes({ enrolment, tokens }),
      ...terminalHeartbeatRoutes({
        ...{ board, beatKeys, random: () => 0.5 },
        commands,
        intervals: { kiosk: 60_000, box: 3_600_000 },
      }),
      ...terminalCommandRoutes({ commands }),
      ...terminalReportRoutes({
        reports: { add: () => Promise.resolve('12345678') } as unknown as MachineReports,
        terminals,
      }),
    ],
    authenticate: new TerminalAuthenticator({ tokens, terminals, replay, clock }).authenticate,
  };
}

function commandsInMemory() {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const signer = new CommandSigner(der.toString('base64'));
  const kinds: readonly CommandKind[] = ['run-diagnostics', 'block'];
  /** Of each, whose it is. */
  const given = new Map<string, string>();
  return {
    publicKey: signer.publicKey,
    handOut: (terminalId: string): Promise<string[]> => {
      if ([...given.values()].includes(terminalId)) return Promise.resolve([]);
      const now = systemClock.now();
      const signed = kinds.map((kind) => {
        const _id = randomUUID();
        given.set(_id, terminalId);
        const [issuedAt, expiresAt] = [new Date(now), new Date(now + 600_000)];
        return signer.sign({ _id, terminalId, kind, issuedAt, expiresAt });
      });
      return Promise.resolve(signed);
    },
    answer: (id: string, terminalId: string): Promise<void> => {
      if (given.get(id) === terminalId) return Promise.resolve();
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such command.' });
    },
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
  const guard: Pick<ReplayGuard, 'first' | 'place' | 'hasRedis' | 'forgottenUntil'> = {
    ...{ place: 'redis', hasRedis: true, forgottenUntil: -Infinity },
    first: (scope, jti) => {
      const key = `${scope}:${jti}`;
      const first = !seen.has(key);
      seen.add(key);
      return Promise.resolve(first);
    },
  };
  return guard as ReplayGuard;
}
