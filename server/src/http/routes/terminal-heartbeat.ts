import { heartbeat, heartbeatAnswer } from '@bianmin/shared/api/heartbeat';
import type { Commands } from '../../fleet/commands.ts';
import type { PresenceBoard } from '../../fleet/presence.ts';
import { nextBeat } from '../../fleet/presence-rule.ts';
import { defineRoute, type AnyRoute } from '../route.ts';
import { terminalOf } from './caller.ts';

export interface HeartbeatServices {
  readonly board: PresenceBoard;
  readonly commands: Pick<Commands, 'handOut'>;
  /** Between two beats, ms. */
  readonly heartbeatMs: number;
  /** 0 to 1, another with each call. */
  readonly random: () => number;
}

/** That a terminal is there, and how it is. */
export function terminalHeartbeatRoutes({
  board,
  commands,
  heartbeatMs,
  random,
}: HeartbeatServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/terminal/heartbeat',
      summary: 'Says that the terminal is there, and what it counted since the last one that was answered',
      tag: 'terminal',
      auth: 'terminal',
      body: heartbeat,
      response: heartbeatAnswer,
      handler: async ({ principal, body }) => {
        const { terminalId, device, orgPath } = terminalOf(principal);
        const waits = await board.beat(terminalId, { kind: device, orgPath }, body);
        const handed = waits ? await commands.handOut(terminalId) : [];
        const nextMs = nextBeat(heartbeatMs, random());
        return handed.length === 0 ? { nextMs } : { nextMs, commands: handed };
      },
    }),
  ];
}
