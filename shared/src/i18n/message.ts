import { yuan } from './translate.ts';
import type { MessageKey } from './zh-CN.ts';
import type { PurchaseCommand, PurchaseProblem, PurchaseView } from '../purchase/view.ts';

export type MessageView =
  | 'pulled'
  | 'other-card'
  | 'resume'
  | 'grid-silent'
  | 'refund'
  | 'expired'
  | 'cash-unsure'
  | 'cash-refused'
  | 'problem';

/** A screen that says what is true, what to do, and that the money is safe. */
export interface Message {
  readonly title: MessageKey;
  readonly values: Readonly<Record<string, string>>;
  readonly todo: MessageKey;
  readonly money: MessageKey | null;
  readonly tone: 'plain' | 'trouble' | 'good';
  readonly art: 'going-in' | 'in' | 'out' | 'meter';
  readonly action: 'resume' | 'retry' | 'finish' | null;
  readonly actionWords: MessageKey;
  readonly orderNo: string | null;
  readonly receiptCode: string | null;
  readonly staffCode: string | null;
  readonly phone: boolean;
}

const PLAIN: Omit<Message, 'title' | 'todo'> = {
  values: {},
  money: null,
  tone: 'plain',
  art: 'going-in',
  action: null,
  actionWords: 'action.finish',
  orderNo: null,
  receiptCode: null,
  staffCode: null,
  phone: false,
};

const ACTION_WORDS = {
  resume: 'resume.go',
  retry: 'action.retry',
  finish: 'action.finish',
} as const satisfies Partial<Record<PurchaseCommand['type'], MessageKey>>;

/** What each such view says. */
export function messageFor(view: Extract<PurchaseView, { screen: MessageView }>): Message {
  switch (view.screen) {
    case 'pulled':
      return {
        ...PLAIN,
        title: 'pulled.title',
        todo: view.paid ? 'pulled.paid' : 'pulled.unpaid',
        orderNo: view.orderNo,
        phone: view.paid,
      };
    case 'other-card':
      return {
        ...PLAIN,
        title: 'other-card.title',
        todo: 'other-card.todo',
        art: 'out',
        orderNo: view.orderNo,
      };
    case 'resume':
      return {
        ...PLAIN,
        title: 'resume.title',
        todo: 'resume.todo',
        values: { yuan: yuan(view.faceFen) },
        art: 'in',
        action: 'resume',
        actionWords: ACTION_WORDS.resume,
        orderNo: view.orderNo,
      };
    case 'grid-silent':
      return {
        ...PLAIN,
        title: 'grid-silent.title',
        todo: 'grid-silent.todo',
        art: 'in',
        orderNo: view.orderNo,
        receiptCode: view.receiptCode,
        phone: true,
      };
    case 'refund': {
      const inCash = view.cash?.says === 'paid';
      const title = view.done ? 'refund.doneTitle' : 'refund.title';
      return {
        ...PLAIN,
        title: inCash ? 'cash.backTitle' : title,
        todo: inCash ? 'cash.backTodo' : 'refund.todo',
        values: { yuan: yuan(view.fen) },
        tone: view.done && !inCash ? 'good' : 'plain',
        art: 'out',
        action: 'finish',
        orderNo: view.orderNo,
        phone: true,
      };
    }
    case 'cash-unsure':
      return {
        ...PLAIN,
        title: 'cash.unsureTitle',
        todo: view.slow ? 'cash.unsureSlow' : 'cash.unsureTodo',
        art: 'in',
        orderNo: view.orderNo,
        phone: view.slow,
      };
    case 'cash-refused':
      return {
        ...PLAIN,
        title: `cash.${view.why}.title`,
        todo: `cash.${view.why}.todo`,
        money: view.held ? 'cash.notTaken' : null,
        art: 'in',
        action: 'finish',
        actionWords: 'cash.toCode',
      };
    case 'expired':
      return {
        ...PLAIN,
        title: 'expired.title',
        todo: 'expired.todo',
        art: 'in',
        action: 'retry',
        actionWords: 'action.again',
        orderNo: view.orderNo,
      };
    case 'problem':
      return problem(view);
  }
}

function problem(view: Extract<PurchaseView, { screen: 'problem' }>): Message {
  const action = view.canRetry ? 'retry' : null;
  const isWaiting = view.code === 'order-open-elsewhere' && view.waitMinutes !== undefined;
  return {
    ...PLAIN,
    title: `problem.${view.code}.title`,
    todo: isWaiting ? 'problem.order-open-elsewhere.wait' : `problem.${view.code}.todo`,
    values: isWaiting ? { m: String(view.waitMinutes) } : {},
    money: `money.${view.moneySafe}`,
    tone: 'trouble',
    art: isWaiting ? 'in' : artFor(view.code),
    action,
    actionWords: ACTION_WORDS[action ?? 'finish'],
    orderNo: view.orderNo,
    staffCode: view.staffCode,
    phone: true,
  };
}

function artFor(code: PurchaseProblem): Message['art'] {
  switch (code) {
    case 'not-yet-used':
    case 'customer-unknown':
    case 'home-gone':
      return 'meter';
    case 'card-mute':
    case 'no-reader':
    case 'not-remote':
      return 'going-in';
    default:
      return 'out';
  }
}
