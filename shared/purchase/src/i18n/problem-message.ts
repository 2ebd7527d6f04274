import { ACTION_WORDS, PLAIN } from './message-shape.ts';
import type { Message } from './message-shape.ts';
import type { PurchaseView } from '../purchase/view.ts';
import { READER_BLIND } from '../purchase/view/problem-screens.ts';
import type { PurchaseProblem } from '../purchase/view/problem-screens.ts';

/** What is wrong, what to do, and where the money is. */
export function problemMessage(view: Extract<PurchaseView, { screen: 'problem' }>): Message {
  const action = view.canRetry ? 'retry' : view.canLeave ? 'finish' : null;
  const isWaiting = view.code === 'order-open-elsewhere' && view.waitMinutes !== undefined;
  return {
    ...PLAIN,
    title: `problem.${view.code}.title`,
    todo: isWaiting
      ? 'problem.order-open-elsewhere.wait'
      : view.staffCode === READER_BLIND
        ? 'problem.card-mute.reader'
        : `problem.${view.code}.todo`,
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
    case 'meter-full':
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
