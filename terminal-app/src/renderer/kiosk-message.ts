import { messageFor } from '@bianmin/purchase/i18n/message';
import { PLAIN, type Message, type MessageView } from '@bianmin/purchase/i18n/message-shape';
import { UNDONE } from '@bianmin/purchase/purchase/view/problem-screens';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { WordKey } from '../words/words.ts';

export type KioskMessageView = MessageView | 'cash-unsure' | 'cash-refused';
type On<Screen extends PurchaseView['screen']> = Extract<PurchaseView, { screen: Screen }>;

/** What each such view says at a kiosk: as on every terminal, and of cash, which staff take here. */
export function kioskMessageFor(view: On<KioskMessageView>): Message<WordKey> {
  switch (view.screen) {
    case 'cash-unsure':
    case 'cash-refused':
      return cashMessage(view);
    case 'refund':
      return view.cash?.says === 'paid' ? cashBackMessage(view) : messageFor(view);
    case 'problem': {
      const isUndone = view.staffCode === UNDONE.staffCode;
      return isUndone ? { ...messageFor(view), title: 'undone.title' } : messageFor(view);
    }
    default:
      return messageFor(view);
  }
}

function cashBackMessage(view: On<'refund'>): Message<WordKey> {
  return { ...messageFor(view), title: 'cash.backTitle', todo: 'cash.backTodo', tone: 'plain' };
}

/** What staff see who cannot take cash, or do not know whether they have. */
function cashMessage(view: On<'cash-unsure' | 'cash-refused'>): Message<WordKey> {
  switch (view.screen) {
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
  }
}
