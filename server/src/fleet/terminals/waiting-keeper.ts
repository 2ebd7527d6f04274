import type { Clock } from '@bianmin/card/clock';
import type { TerminalStore } from '../store/terminals.ts';
import { WAITING_MS } from './waiting.ts';

/** Forgets who has waited too long to be accepted; gives how many, at most `FORGET_AT_ONCE`. */
export function forgetLongWaiting(
  terminals: Pick<TerminalStore, 'forgetWaitingSince'>,
  clock: Pick<Clock, 'now'>,
): Promise<number> {
  return terminals.forgetWaitingSince(new Date(clock.now() - WAITING_MS));
}
