import { createHash } from 'node:crypto';
import {
  askedCommand,
  openCardSessionRequest,
  type AskedCommand,
  type CardSessionKind,
  type OpenCardSessionRequest,
} from '@bianmin/purchase/api/card-session';
import { PERMITTED } from '@bianmin/purchase/remote-card/permitted';
import type {
  GridCardTask,
  GridStepAnswer,
  GridStepResult,
  GridTaskEnd,
} from '../../gateways/grid/card-tasks.ts';
import type { KeptPayloads } from './kept.ts';
import { malformed, notPermitted } from './problems.ts';
import { answeredSteps, type GridTask, type RemoteSession, type SessionStep } from './session.ts';

/** What a grid may have done: a replacement begins with two persons here, and so does its card. */
const KINDS: readonly CardSessionKind[] = ['inspect', 'rewrite'];

/** One task of one grid is one session, whichever process opens it and however often. A name-based UUID. */
export function sessionIdOf(grid: string, taskNo: string): string {
  const bytes = createHash('sha256').update(`card task\n${grid}\n${taskNo}`).digest().subarray(0, 16);
  // RFC 9562 §5.8: version 8, a hash of one's own choice.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [0, 8, 12, 16, 20].map((from, i) => hex.slice(from, [8, 12, 16, 20, 32][i])).join('-');
}

/** The session that a task asks for. Throws `card-session.not-permitted` and `request.malformed`. */
export function requestOf(task: GridCardTask): OpenCardSessionRequest {
  const { terminalId, reason, minutes, commands } = task;
  const kind = KINDS.find((known) => known === task.kind);
  if (kind === undefined) throw notPermitted(`The grid may not ask for a session of kind ${task.kind}.`);
  const verbs: readonly string[] = PERMITTED[kind].verbs;
  const other = commands.find((command) => command === 'continue' || !verbs.includes(command));
  if (other !== undefined) throw notPermitted(`A session of kind ${kind} permits no ${other}.`);
  const parsed = openCardSessionRequest.safeParse({
    ...{ terminalId, kind, reason, minutes },
    ...(task.orderNo === null ? {} : { orderNo: task.orderNo }),
    ...(task.serial === null ? {} : { serial: task.serial }),
  });
  if (parsed.success) return parsed.data;
  throw malformed('/body', 'is no session that can be asked for');
}

/**
 * The grid's next command, if its task named it; whether the session permits it is judged like anybody's. Throws
 * `card-session.not-permitted`.
 */
export function commandOf(task: GridTask, asked: unknown): AskedCommand {
  const parsed = askedCommand.safeParse(asked);
  if (!parsed.success) throw notPermitted('The grid asked for something that is no command.');
  const { data: command } = parsed;
  if (!task.commands.includes(command.do)) throw notPermitted(`The task did not name ${command.do}.`);
  // That a code may meet its last try is for a person to say who answers for this agent's cards.
  if (command.do === 'write' && command.lastTry === true) {
    throw notPermitted("the grid lets no card's code meet its last try");
  }
  return command;
}

/** What the newest step found, for the grid. Bytes that were lost with the cache are a step that failed: read again. */
export async function stepAnswer(session: RemoteSession, kept: KeptPayloads): Promise<GridStepAnswer | null> {
  const step = session.steps.at(-1);
  if (step?.answer === undefined) return null;
  const { outcome } = step.answer;
  if (outcome !== 'done') return { ok: false, code: outcome };
  const result = await resultOf(session, step, kept);
  return result === undefined ? { ok: false, code: 'server.unavailable' } : { ok: true, result };
}

async function resultOf(
  session: RemoteSession,
  { n, answer }: SessionStep,
  kept: KeptPayloads,
): Promise<GridStepResult | undefined> {
  if (answer?.write === 'written' && answer.digest !== undefined) {
    return { did: 'written', imageDigest: answer.digest };
  }
  const found = await kept.answer(session, n);
  if (found?.did === 'stage' || found?.did === 'written') return undefined;
  // The grid knows its makers by itself, and its line has no word for ours.
  return found?.did === 'identify' ? { did: found.did, chip: found.chip, serial: found.serial } : found;
}

/** How a closed session ended, for the grid. */
export function endOf({ end, steps }: RemoteSession): Omit<GridTaskEnd, 'taskNo'> {
  return {
    end: end?.how ?? 'failed',
    failure: end?.failure ?? null,
    done: answeredSteps({ steps }),
    write: writeOf(steps),
  };
}

/** A write that failed, or waits, or never answered, may have left some of itself on the card. */
function writeOf(steps: readonly SessionStep[]): GridTaskEnd['write'] {
  if (steps.some(({ answer }) => answer?.write === 'written')) return 'written';
  return steps.some(({ asked }) => asked.do === 'write') ? 'unknown' : 'none';
}
