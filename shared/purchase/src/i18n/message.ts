import { ACTION_WORDS, PLAIN } from './message-shape.ts';
import type { Message, MessageView } from './message-shape.ts';
import { problemMessage } from './problem-message.ts';
import { uncreditedMessage } from './uncredited-message.ts';
import { yuan } from './yuan.ts';
import type { PurchaseView } from '../purchase/view.ts';

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
    case 'uncredited':
      return uncreditedMessage(view);
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
    case 'refund':
      return refundMessage(view);
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
      return problemMessage(view);
  }
}

function refundMessage(view: Extract<PurchaseView, { screen: 'refund' }>): Message {
  return {
    ...PLAIN,
    title: view.done ? 'refund.doneTitle' : 'refund.title',
    todo: 'refund.todo',
    values: { yuan: yuan(view.fen) },
    tone: view.done ? 'good' : 'plain',
    art: 'out',
    action: 'finish',
    orderNo: view.orderNo,
    phone: true,
  };
}
