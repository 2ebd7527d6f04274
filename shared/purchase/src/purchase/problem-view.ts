import { minutesToWait } from './minutes.ts';
import type { Trouble } from './problems.ts';
import type { Phase } from './state.ts';
import type { Ticket } from './ticket.ts';
import type { PurchaseView } from './view.ts';

type ProblemView = Extract<PurchaseView, { screen: 'problem' }>;

/** What is wrong, to the household that may have paid for `ticket`; nothing can be pressed. */
export function problemView(trouble: Trouble, ticket: Ticket | null): ProblemView {
  return {
    screen: 'problem',
    code: trouble.code,
    staffCode: trouble.staffCode,
    orderNo: ticket?.order.orderNo ?? null,
    moneySafe: ticket === null ? 'nothing-taken' : 'safe-with-order',
    canRetry: false,
    ...minutesOf(trouble),
  };
}

/** The phase of its own that a problem has: it may be left, or tried again. */
export function problemPhaseView(phase: Extract<Phase, { name: 'problem' }>): ProblemView {
  return {
    screen: 'problem',
    code: phase.trouble.code,
    staffCode: phase.trouble.staffCode,
    orderNo: phase.orderNo,
    moneySafe: phase.moneySafe,
    canRetry: phase.again !== null,
    ...minutesOf(phase.trouble),
    ...(phase.slot === null ? { canLeave: true as const } : {}),
  };
}

function minutesOf({ waitMs }: Trouble): { waitMinutes?: number } {
  return waitMs === undefined ? {} : { waitMinutes: minutesToWait(waitMs) };
}
