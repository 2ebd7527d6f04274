import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { CashLine } from '@bianmin/purchase/purchase/view/cash-screens';
import type { RemoteCardView } from '@bianmin/purchase/remote-card/view';
import type { Stop } from '../../ipc/stop.ts';
import { kioskMessageFor, type KioskMessageView } from '../kiosk-message.ts';
import { whyEnded } from '../why-ended.ts';
import { isPhrase } from './phrases.ts';
import type { Phrase } from './phrases.ts';

export interface Sentence {
  readonly key: Phrase;
  /** What stands for the amount in it; null where it has none. */
  readonly fen: number | null;
}

/** What is said at a moment of a purchase; two views with the same prompt are one moment, and it is said once. */
export interface Prompt {
  readonly sentences: readonly Sentence[];
  /** Said only if the moment lasts so long, ms: many are over before a word is out. */
  readonly afterMs?: number;
  /** Does not cut what is being said, but follows it. */
  readonly follows?: true;
  /** Said when somebody touches the screen, since nobody may be there. */
  readonly onTouch?: true;
  /** Said again and again while the moment lasts, ms from one beginning to the next. */
  readonly everyMs?: number;
}

/** A card is read within a second or so. */
const READING_MS = 1500;
export const FORGOTTEN_EVERY_MS = 20_000;

export const NOTHING: Prompt = { sentences: [] };

function words(...keys: readonly Phrase[]): readonly Sentence[] {
  return keys.map((key) => ({ key, fen: null }));
}

/**
 * What a screen says aloud. Only what whoever stands near may hear: what to do, and the amount that is being bought or
 * paid. Never a name, an address, a customer number, a balance or arrears, a receipt code, or that a PIN was wrong.
 */
export function promptFor(view: PurchaseView): Prompt {
  if (view.forgotten) return { sentences: words('forgotten.title'), everyMs: FORGOTTEN_EVERY_MS };
  // How long is left changes each second, and is on the screen: only the question is said.
  if (view.asking !== undefined) return { sentences: words('asking.title') };
  switch (view.screen) {
    case 'wait':
      return { sentences: words('wait.title'), onTouch: true };
    case 'reading':
    case 'recalling':
      return { sentences: words('reading.title'), afterMs: READING_MS };
    case 'customer-no':
      return { sentences: words('customer-no.title', 'customer-no.hint') };
    case 'proof':
      if (view.busy) return NOTHING;
      return { sentences: words(view.fault === null ? 'proof.title' : `proof.${view.fault}`) };
    case 'who':
      return { sentences: words(view.remote ? 'who.titleRemote' : 'who.title', 'say.who') };
    case 'amount':
      return view.busyFen === null ? { sentences: words('amount.title', 'say.amount') } : NOTHING;
    case 'pay':
    case 'cash-staff':
    case 'cash-take':
      return promptForPaying(view);
    case 'selling':
    case 'writing':
    case 'done':
    case 'crediting':
    case 'credited':
    case 'credit-failed':
    case 'bring-card':
      return promptForPaid(view);
    case 'expired':
      return { sentences: [...ofMessage(view, null), ...ofCash(view.cash)] };
    case 'resume':
      return { sentences: ofMessage(view, view.faceFen) };
    case 'uncredited':
      return { sentences: ofMessage(view, view.creditFen) };
    case 'refund':
      return { sentences: ofMessage(view, view.fen) };
    case 'pulled':
    case 'other-card':
    case 'grid-silent':
    case 'cash-unsure':
    case 'cash-refused':
    case 'problem':
      return { sentences: ofMessage(view, null) };
  }
}

type On<Screen extends PurchaseView['screen']> = Extract<PurchaseView, { screen: Screen }>;

/** Number and PIN, for the first time: a clerk whose shift it is needs no word for their PIN. */
function isAsked({ held, busy, fault, pinOnly }: On<'cash-staff'>): boolean {
  return !held && !busy && fault === null && pinOnly === undefined;
}

function promptForPaying(view: On<'pay' | 'cash-staff' | 'cash-take'>): Prompt {
  switch (view.screen) {
    case 'pay':
      if (view.closing) return { sentences: words('pay.closingTitle', 'pay.closing') };
      if (view.codeUrl === null) return NOTHING;
      return { sentences: [...words('pay.title'), { key: 'say.pay', fen: view.paidFen }] };
    case 'cash-staff':
      return isAsked(view) ? { sentences: words('say.cash-staff') } : NOTHING;
    case 'cash-take':
      if (view.busy) return NOTHING;
      return { sentences: view.held ? words('cash.held') : [{ key: 'say.cash-take', fen: view.takeFen }] };
  }
}

/** What was paid for is on its way, is there, or could not come. */
function promptForPaid(
  view: On<'selling' | 'writing' | 'done' | 'crediting' | 'credited' | 'credit-failed' | 'bring-card'>,
): Prompt {
  switch (view.screen) {
    case 'selling':
      return {
        sentences: [
          { key: 'selling.title', fen: view.paidFen },
          ...words('writing.todo'),
          ...ofCash(view.cash),
        ],
      };
    // Its phases and its progress are for the eyes.
    case 'writing':
      return { sentences: words('say.writing'), follows: true };
    case 'done':
      return {
        sentences: [...words('done.title', view.full ? 'done.wait' : 'done.todo'), ...handBack(view.cash)],
      };
    case 'crediting':
      return {
        sentences: view.slow
          ? words('crediting.slowTitle', 'crediting.slowTodo')
          : [
              { key: 'crediting.title', fen: view.paidFen },
              ...words(view.account ? 'account.crediting' : 'crediting.todo'),
              ...ofCash(view.cash),
            ],
      };
    case 'credited':
      return { sentences: [...promptForCredit(view), ...handBack(view.cash)] };
    case 'credit-failed':
      if (view.chosen !== null) return NOTHING;
      return {
        sentences: [...words('credit-failed.title'), { key: 'credit-failed.todo', fen: view.paidFen }],
      };
    case 'bring-card':
      return { sentences: [...words('bring-card.title'), { key: 'bring-card.todo', fen: view.faceFen }] };
  }
}

/** In its meter, in an account that the grid keeps, or for a month that was used before. Not that electricity is or was off. */
function promptForCredit({ account, period }: On<'credited'>): readonly Sentence[] {
  if (!account) return words('credited.title', 'credited.todo');
  return period === undefined ? words('account.title', 'account.todo') : words('say.bill-paid');
}

/** What a terminal that sells nothing says aloud: to whoever touches it, or at once to whoever's card it turned away. */
export function promptForStop(stop: Stop, { screen }: Pick<PurchaseView, 'screen'>): Prompt {
  if (screen !== 'wait') return { sentences: words('paused.title', 'paused.todo', 'money.nothing-taken') };
  const paid = stop === 'blocked' ? words('paused.paid') : [];
  return { sentences: [...words('paused.title', 'paused.todo'), ...paid], onTouch: true };
}

/** What a session from afar says aloud: never who asks, nor why. */
export function promptForRemote(view: Exclude<RemoteCardView, { state: 'none' }>): Prompt {
  switch (view.state) {
    case 'asked':
      return { sentences: words('say.remote-asked') };
    case 'working':
      if (view.card === 'wanted') return { sentences: words('remote.insert') };
      return { sentences: words(view.card === 'held' ? 'remote.keep' : 'remote.idle') };
    case 'ended': {
      const todo = view.end === 'removed' || view.end === 'failed' ? 'remote.end.again' : 'remote.end.todo';
      const why = whyEnded(view);
      return { sentences: words(`remote.end.${view.end}`, ...(why === null ? [] : [why]), todo) };
    }
  }
}

/** A message is said as it is written: title, what to do, and what became of the money. */
function ofMessage(
  view: Extract<PurchaseView, { screen: KioskMessageView }>,
  fen: number | null,
): Sentence[] {
  const { title, todo, money } = kioskMessageFor(view);
  const sentences: Sentence[] = [];
  for (const key of [title, todo, money]) {
    if (key !== null && isPhrase(key)) sentences.push({ key, fen: key === title ? fen : null });
  }
  return sentences;
}

/** What changes for whoever holds cash. */
function ofCash(cash: CashLine | undefined): readonly Sentence[] {
  if (cash?.says === 'phone-paid') return words('cash.phonePaid');
  return cash?.says === 'not-recorded' ? words('cash.notRecorded') : [];
}

function handBack(cash: CashLine | undefined): readonly Sentence[] {
  const fen = cash?.receipt?.handBackFen ?? 0;
  return fen > 0 ? [{ key: 'cash.handBack', fen }] : [];
}
