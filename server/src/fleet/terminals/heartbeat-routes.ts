import { BEAT_PATH, beatKeyResponse } from '@bianmin/purchase/api/beat-key';
import {
  heartbeat,
  heartbeatAnswer,
  type Heartbeat,
  type HeartbeatAnswer,
} from '@bianmin/purchase/api/heartbeat';
import type { BeatKeys, Beater } from './beat-keys.ts';
import type { Commands } from './commands.ts';
import { refuse } from './dpop.ts';
import type { PresenceBoard } from './presence.ts';
import type { FleetMetrics } from './terminal-metrics.ts';
import { lateAfter, nextBeat, type BeatIntervals } from './presence-rule.ts';
import type { Once } from './replay.ts';
import { WATCHED_BEAT_MS } from './watched.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { terminalOf, type TerminalPrincipal } from '../../route/caller.ts';

/** What takes beats in. */
export interface BeatServices {
  readonly board: PresenceBoard;
  readonly commands: Pick<Commands, 'handOut'>;
  /** Told of what went wrong, of each beat that counts. */
  readonly metrics?: Pick<FleetMetrics, 'count'>;
  readonly intervals: BeatIntervals;
  /** 0 to 1, another with each call. */
  readonly random: () => number;
}

export interface HeartbeatServices extends BeatServices {
  readonly beatKeys: BeatKeys;
}

/** What becomes of a beat whose sender is proven, however that was. `once`: refused where it was there before. */
export async function takeBeat(
  { board, commands, metrics, intervals, random }: BeatServices,
  { terminalId, kind, orgPath }: Beater,
  said: { readonly beat: Heartbeat; readonly once?: Once },
): Promise<HeartbeatAnswer> {
  // A box is away whenever its family pulls the plug.
  const late = kind === 'box' ? {} : { lateAfterMs: lateAfter(intervals[kind]) };
  const taken = await board.beat(terminalId, { kind, orgPath, ...late }, said.beat, said.once);
  if (taken === 'again') throw refuse('It has been used before.');
  metrics?.count(kind, said.beat);
  const handed = taken.waits ? await commands.handOut(terminalId) : [];
  const intervalMs = intervals[kind];
  const nextMs = nextBeat(taken.watched ? Math.min(WATCHED_BEAT_MS, intervalMs) : intervalMs, random());
  return handed.length === 0 ? { nextMs } : { nextMs, commands: handed };
}

/** That a terminal is there, and how it is. */
export function terminalHeartbeatRoutes(services: HeartbeatServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: BEAT_PATH,
      summary: 'Says that the terminal is there, and what it counted since the last one that was answered',
      tag: 'terminal',
      auth: 'terminal',
      beatKey: true,
      body: heartbeat,
      response: heartbeatAnswer,
      problems: ['server.busy'],
      handler: ({ principal, body }) => takeBeat(services, beaterOf(terminalOf(principal)), { beat: body }),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/terminal/beat-key',
      summary: 'Gives a token and a key for beats, sealed to the terminal',
      tag: 'terminal',
      auth: 'terminal',
      response: beatKeyResponse,
      problems: ['server.busy'],
      handler: ({ principal }) => {
        const terminal = terminalOf(principal);
        return services.beatKeys.grant(beaterOf(terminal), terminal.sealKey);
      },
    }),
  ];
}

function beaterOf({ terminalId, device: kind, orgPath }: TerminalPrincipal): Beater {
  return { terminalId, kind, orgPath };
}
