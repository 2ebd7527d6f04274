import type { ServerResponse } from 'node:http';
import type { AnsweringBook } from './dialect.ts';
import type { ApiFault, OPERATIONS } from './faults-request.ts';
import type { Incoming } from './http.ts';
import type { Trade } from './model.ts';

export interface FaultedCall {
  readonly operation: (typeof OPERATIONS)[number];
  readonly incoming: Incoming;
  readonly response: ServerResponse;
}

/**
 * Answers one call as a knob wants it: what `decide` gives, and the fault by which it is then to be packed; undefined
 * where no answer is sent. What only the wallet's own protocol can say wrongly is `decide`'s and the packing's.
 */
export async function answerWithFault<Answer>(
  { faults, clock }: Pick<AnsweringBook, 'faults' | 'clock'>,
  { operation, incoming, response }: FaultedCall,
  decide: (fault: ApiFault | undefined) => Answer | Promise<Answer>,
): Promise<{ readonly answer: Answer; readonly fault: ApiFault | undefined } | undefined> {
  const { kind: fault, delayMs = 0 } = faults.takeApi(operation, incoming.target + incoming.body) ?? {};
  if (fault === 'timeout-before') return silent(faults);
  if (fault === 'reset-before') return reset(response);
  if (fault === 'slow-before') await clock.sleep(delayMs);
  const answer = await decide(fault);
  if (fault === 'timeout-after') return silent(faults);
  if (fault === 'reset-after') return reset(response);
  if (fault === 'slow-after') await clock.sleep(delayMs);
  return { answer, fault };
}

/** The trade as a copy of the books that lags still has it: nothing was paid. */
export function beforeMoney(trade: Trade): Trade {
  return { ...trade, transactions: [] };
}

function silent(faults: AnsweringBook['faults']): undefined {
  faults.onSilence();
}

function reset(response: ServerResponse): undefined {
  response.socket?.resetAndDestroy();
}
