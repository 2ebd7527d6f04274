import type { CardSessionEnd } from '@bianmin/purchase/api/card-session';
import { PURCHASE_PROBLEMS } from '@bianmin/purchase/purchase/view/problem-screens';
import type { CashRefusal } from '@bianmin/purchase/purchase/view/cash-screens';
import type { WordKey } from '../../words/words.ts';

/**
 * All that is ever said: words of the screens where the screen says it well, `say.*` where it says it by its layout.
 * `{yuan}` with its unit is the only place that a phrase may have.
 */
const OF_SCREENS = [
  'wait.title',
  'forgotten.title',
  'asking.title',
  'reading.title',
  'customer-no.title',
  'customer-no.hint',
  'proof.title',
  'proof.wrong',
  'proof.used',
  'who.title',
  'who.titleRemote',
  'say.who',
  'amount.title',
  'say.amount',
  'pay.title',
  'say.pay',
  'pay.closingTitle',
  'pay.closing',
  'say.cash-staff',
  'say.cash-take',
  'cash.held',
  'cash.notTaken',
  'cash.phonePaid',
  'cash.notRecorded',
  'cash.handBack',
  'cash.backTitle',
  'cash.backTodo',
  'cash.unsureTitle',
  'cash.unsureTodo',
  'cash.unsureSlow',
  'selling.title',
  'writing.todo',
  'say.writing',
  'done.title',
  'done.todo',
  'done.wait',
  'crediting.title',
  'crediting.todo',
  'crediting.slowTitle',
  'crediting.slowTodo',
  'credited.title',
  'credited.todo',
  'account.crediting',
  'account.title',
  'account.todo',
  'say.bill-paid',
  'credit-failed.title',
  'credit-failed.todo',
  'bring-card.title',
  'bring-card.todo',
  'pulled.title',
  'pulled.paid',
  'pulled.unpaid',
  'other-card.title',
  'other-card.todo',
  'resume.title',
  'resume.todo',
  'uncredited.title',
  'uncredited.ask',
  'uncredited.insert',
  'uncredited.tooMuch',
  'uncredited.later',
  'uncredited.call',
  'uncredited.callTodo',
  'uncredited.safe',
  'undone.title',
  'grid-silent.title',
  'grid-silent.todo',
  'refund.title',
  'refund.doneTitle',
  'refund.todo',
  'expired.title',
  'expired.todo',
  'paused.title',
  'paused.todo',
  'paused.paid',
  'money.nothing-taken',
  'money.safe-with-order',
  'say.remote-asked',
  'remote.insert',
  'remote.keep',
  'remote.idle',
  'remote.end.todo',
  'remote.end.again',
] as const satisfies readonly WordKey[];

const REFUSALS = {
  none: true,
  frozen: true,
  empty: true,
  'day-limit': true,
} as const satisfies Record<CashRefusal, true>;

const ENDS = {
  finished: true,
  cancelled: true,
  declined: true,
  expired: true,
  removed: true,
  restarted: true,
  failed: true,
} as const satisfies Record<CardSessionEnd, true>;

/** The key of something that is said. */
export type Phrase =
  | (typeof OF_SCREENS)[number]
  | `cash.${CashRefusal}.${'title' | 'todo'}`
  | `problem.${(typeof PURCHASE_PROBLEMS)[number]}.${'title' | 'todo'}`
  | `remote.end.${CardSessionEnd}`;

const keysOf = <K extends string>(record: Readonly<Record<K, true>>): K[] => Object.keys(record) as K[];

export const PHRASES: readonly Phrase[] = [
  ...OF_SCREENS,
  ...keysOf(REFUSALS).flatMap((why) => [`cash.${why}.title`, `cash.${why}.todo`] as const),
  ...PURCHASE_PROBLEMS.flatMap((code) => [`problem.${code}.title`, `problem.${code}.todo`] as const),
  ...keysOf(ENDS).map((end) => `remote.end.${end}` as const),
];

const KNOWN: ReadonlySet<string> = new Set(PHRASES);

export function isPhrase(key: string): key is Phrase {
  return KNOWN.has(key);
}
