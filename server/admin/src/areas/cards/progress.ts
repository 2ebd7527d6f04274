import type { AdminCardSession, RecordedStep } from '@bianmin/purchase/api/card-session';
import type { Tone } from '../../parts/tone.ts';

type Session = Pick<AdminCardSession, 'state' | 'kind' | 'steps'>;

/** What is asked of the card, without what is said of it: `read main 8+137` is a `read`. */
const verbOf = ({ asked }: RecordedStep): string => asked.split(' ')[0] ?? '';
const isWrite = (step: RecordedStep): boolean => verbOf(step) === 'write' || verbOf(step) === 'continue';

/** The step that waits for the terminal; a write that waits for its next stage does, too. */
export function waitsFor({ state, steps }: Session): RecordedStep | undefined {
  const last = steps.at(-1);
  if (state !== 'working' || last === undefined) return undefined;
  return last.outcome === null || isStage(last) ? last : undefined;
}

/** Done, and nothing was written yet: the server puts the next stage by itself. */
function isStage(step: RecordedStep): boolean {
  return isWrite(step) && step.outcome === 'done' && step.digest === null;
}

export const isWritten = ({ steps }: Session): boolean =>
  steps.some((step) => isWrite(step) && step.outcome === 'done' && step.digest !== null);

/** Of the card that was identified last; undefined: none was, and only that can be asked. */
export function chipOf({ steps }: Session): RecordedStep['chip'] | undefined {
  const identified = steps.findLast((step) => verbOf(step) === 'identify' && step.outcome !== null);
  return identified?.outcome === 'done' ? (identified.chip ?? undefined) : undefined;
}

/** Whether the card was read whole and nothing was asked since that makes it another: a write needs that. */
export function isRead({ steps }: Session): boolean {
  const last = steps.findLast((step) =>
    ['identify', 'read-card', 'write', 'continue'].includes(verbOf(step)),
  );
  return last !== undefined && verbOf(last) === 'read-card' && last.outcome === 'done';
}

/** What the way to the session's end asks for next; undefined: there is nothing left, or it is not the time. */
export function nextOf(session: Session): 'identify' | 'read-card' | 'write' | undefined {
  if (session.state !== 'working' || waitsFor(session) !== undefined || isWritten(session)) return undefined;
  if (chipOf(session) === undefined) return 'identify';
  if (!isRead(session)) return 'read-card';
  return session.kind === 'inspect' ? undefined : 'write';
}

export const OUTCOME_TONE = (outcome: string | null): Tone =>
  outcome === null ? 'moving' : outcome === 'done' ? 'good' : 'bad';
