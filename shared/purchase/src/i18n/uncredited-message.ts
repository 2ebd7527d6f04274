import { METER_SHOWN } from '../api/meter-shown.ts';
import type { PurchaseView } from '../purchase/view.ts';
import { PLAIN } from './message-shape.ts';
import type { Message } from './message-shape.ts';
import { yuan } from './yuan.ts';

type Uncredited = Extract<PurchaseView, { screen: 'uncredited' }>;

/** A purchase that waits on its card: what the meter showed is asked, and then there is one true thing to do. */
export function uncreditedMessage(view: Uncredited): Message {
  const { orderNo, creditFen, shown } = view;
  const asked: Message = {
    ...PLAIN,
    title: 'uncredited.title',
    todo: 'uncredited.ask',
    values: { yuan: yuan(creditFen) },
    money: 'uncredited.safe',
    art: 'meter',
    orderNo,
  };
  switch (shown) {
    case null:
      return {
        ...asked,
        // What it asks has the whole screen.
        ...{ money: null, orderNo: null },
        choices: METER_SHOWN.map((each) => ({
          words: `uncredited.${each}` as const,
          command: { type: 'meter-shown', shown: each },
        })),
      };
    case 'not-inserted':
      return { ...asked, title: 'uncredited.insert', todo: 'uncredited.insertTodo', action: 'finish' };
    case 'full':
      return { ...asked, ...whenThereIsRoom(view), title: 'uncredited.tooMuch', action: 'finish' };
    case 'other':
      return {
        ...asked,
        ...{ title: 'uncredited.call', todo: 'uncredited.callTodo', action: 'finish' },
        staffCode: 'meter.previous-not-inserted',
        phone: true,
      };
  }
}

function whenThereIsRoom({ belowFen, around }: Uncredited): Pick<Message, 'todo' | 'values'> {
  if (belowFen === undefined) return { todo: 'uncredited.later', values: {} };
  const below = yuan(belowFen, 'short');
  if (around === undefined) return { todo: 'uncredited.below', values: { below } };
  return { todo: 'uncredited.around', values: { below, date: around } };
}
