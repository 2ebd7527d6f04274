import { reduce } from '@bianmin/purchase/purchase/machine';
import { slotOf } from '@bianmin/purchase/purchase/phase';
import { PROBLEM_OF_CODE } from '@bianmin/purchase/purchase/problem-table';
import { screenOf } from '@bianmin/purchase/purchase/screen';
import type { PurchaseEvent } from '@bianmin/purchase/purchase/event';
import type { Phase } from '@bianmin/purchase/purchase/state';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import {
  PURCHASE_PROBLEMS,
  READER_BLIND,
  type PurchaseProblem,
} from '@bianmin/purchase/purchase/view/problem-screens';
import { INIT, PHASES, SLOT, TURN, choose, failed } from '@bianmin/purchase/testing/card-purchase-states';
import { identified } from '@bianmin/purchase/testing/purchase-answers';
import { PHASES as HOME } from '@bianmin/purchase/testing/home-purchase-states';

const LIVE_AND_FULL = {
  ...identified(null, null),
  meter: { balanceFen: 99_950, readAt: null, arrearsFen: 0, ceilingFen: 100_000, live: true },
  limits: { minFen: 100, maxFen: 0, stepFen: 100, presetsFen: [] },
};

/** Where a purchase is and what happens to it there, for problems that no answer about a card brings. */
const ELSEWHERE: Partial<Record<PurchaseProblem, readonly [Phase, PurchaseEvent]>> = {
  'meter-full': [PHASES.identifying, { type: 'identified', turn: TURN, answer: LIVE_AND_FULL }],
  'amount-out-of-range': [PHASES.amount, choose(1)],
  'channel-down': [PHASES.pay, failed('payment.channel-unavailable')],
  'write-failed': [PHASES.writing, failed('meter-card.protected')],
  'card-changed': [PHASES.writing, failed('card.changed')],
  'customer-unknown': [HOME.describing, failed('customer.unknown')],
  'home-gone': [HOME.recalling, failed('binding.not-found')],
  'not-remote': [HOME.describing, failed('meter.not-remote')],
  'journal-broken': [PHASES.identifying, failed('journal.unreadable')],
  'not-yet-used': [
    PHASES.identifying,
    { type: 'identified', turn: TURN, answer: identified('meter.previous-not-inserted', null) },
  ],
};
/** What the readers alone show. */
const OF_READERS: Partial<Record<PurchaseProblem, { readers: string[]; present: string[] }>> = {
  'no-reader': { readers: [], present: [] },
  'two-readers': { readers: ['R', 'S'], present: [SLOT, 'slot-2'] },
};

const UNDONE = { ...identified('meter.previous-not-inserted', null), undone: true } as const;

/** Each problem as the machine comes to it, with the next act that it offers there. */
export const SAMPLE_PROBLEMS: Readonly<Record<string, PurchaseView>> = {
  ...Object.fromEntries(
    PURCHASE_PROBLEMS.map((code): [string, PurchaseView] => [`problem-${code}`, problemOf(code)]),
  ),
  'problem-reader-blind': viewAfter(PHASES.reading, failed(READER_BLIND)),
  'problem-undone': viewAfter(PHASES.identifying, { type: 'identified', turn: TURN, answer: UNDONE }),
};

function problemOf(code: PurchaseProblem): PurchaseView {
  const readers = OF_READERS[code];
  if (readers !== undefined) return screenOf({ turn: TURN, phase: { name: 'idle' }, ...readers });
  const [phase, event] = ELSEWHERE[code] ?? [PHASES.identifying, failed(anyCodeOf(code))];
  const view = viewAfter(phase, event);
  if (view.screen !== 'problem' || view.code !== code) {
    throw new Error(`The machine shows ${JSON.stringify(view)} where ${code} was to be.`);
  }
  return view;
}

function viewAfter(phase: Phase, event: PurchaseEvent): PurchaseView {
  const present = slotOf(phase) === null ? [] : [SLOT];
  return screenOf(reduce({ turn: TURN, phase, readers: ['R'], present }, event, INIT).state);
}

function anyCodeOf(problem: PurchaseProblem): string {
  const found = Object.entries(PROBLEM_OF_CODE).find(([, each]) => each === problem);
  if (found === undefined) throw new Error(`No error is ${problem}.`);
  return found[0];
}
