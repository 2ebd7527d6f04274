import type { Component } from 'vue';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PhoneState } from '../../box/phone-visit.ts';
import type { BoxStatus } from '../../box/status.ts';
import type { Page } from '../page.ts';
import AmountScreen from './AmountScreen.vue';
import BringCardScreen from './BringCardScreen.vue';
import CreditFailedScreen from './CreditFailedScreen.vue';
import CreditingScreen from './CreditingScreen.vue';
import DoneScreen from './DoneScreen.vue';
import EnrolScreen from './EnrolScreen.vue';
import HistoryScreen from './HistoryScreen.vue';
import HomesScreen from './HomesScreen.vue';
import MessageScreen from './MessageScreen.vue';
import NumberScreen from './NumberScreen.vue';
import PayScreen from './PayScreen.vue';
import PhoneScreen from './PhoneScreen.vue';
import ProgressScreen from './ProgressScreen.vue';
import ReaderScreen from './ReaderScreen.vue';
import ReadingScreen from './ReadingScreen.vue';
import WaitScreen from './WaitScreen.vue';
import WhoScreen from './WhoScreen.vue';

/** The five steps of a purchase; without the card two of them have other names. */
const STEPS = { card: 1, number: 1, who: 2, amount: 3, pay: 4, write: 5, credit: 5 } as const;
export type Step = keyof typeof STEPS;

export function numberOf(step: Step): number {
  return STEPS[step];
}

/** What the remote's back key does: a step back, an end screen or a page left, out of the app, or nothing while money moves. */
export type Back = 'back' | 'page' | 'finish' | 'leave' | null;

export interface ScreenChoice {
  readonly name: string;
  readonly component: Component;
  /** Where a person is; null on screens outside the five steps. */
  readonly step: Step | null;
  readonly back: Back;
}

/** Which component draws what the box says, and what the frame around it says. */
export function screenFor(view: PurchaseView, status: BoxStatus): ScreenChoice {
  if (status.terminal === 'keys-lost' && view.screen !== 'writing') {
    return choice('keys-lost', EnrolScreen, null, 'leave');
  }
  if (status.terminal !== 'accepted' && isFree(view)) return choice('enrol', EnrolScreen, null, 'leave');
  switch (view.screen) {
    case 'wait':
      return choice('wait', WaitScreen, 'card', 'leave');
    case 'reading':
      return choice('reading', ReadingScreen, 'card', null);
    case 'recalling':
      return choice('recalling', ReadingScreen, 'number', 'back');
    case 'customer-no':
    case 'proof':
      return choice(view.screen, NumberScreen, 'number', 'back');
    case 'who':
      return choice('who', WhoScreen, 'who', 'back');
    case 'amount':
      return choice('amount', AmountScreen, 'amount', view.busyFen === null ? 'back' : null);
    case 'pay':
      return choice('pay', PayScreen, 'pay', view.closing === true ? null : 'back');
    case 'selling':
    case 'writing':
      return choice('write', ProgressScreen, 'write', null);
    case 'done':
      return choice('done', DoneScreen, 'write', 'finish');
    case 'crediting':
      // Another screen to the eye: its button has the focus, and it is read aloud.
      return choice(
        view.slow ? 'crediting-slow' : 'crediting',
        CreditingScreen,
        'credit',
        view.slow ? 'finish' : null,
      );
    case 'credited':
      return choice('credited', DoneScreen, 'credit', 'finish');
    case 'credit-failed':
      return choice('credit-failed', CreditFailedScreen, null, 'finish');
    case 'bring-card':
      return choice('bring-card', BringCardScreen, null, 'finish');
    case 'problem':
      if (view.code === 'no-reader') return choice('reader', ReaderScreen, null, 'leave');
      return choice(`problem-${view.code}`, MessageScreen, null, view.orderNo === null ? 'finish' : null);
    case 'uncredited':
      return choice(`uncredited-${view.shown ?? 'asked'}`, MessageScreen, null, 'finish');
    case 'resume':
    case 'refund':
    case 'expired':
      return choice(view.screen, MessageScreen, null, 'finish');
    case 'pulled':
    case 'other-card':
    case 'grid-silent':
    // Staff take cash at kiosks; a box never asks for it.
    case 'cash-staff':
    case 'cash-take':
    case 'cash-unsure':
    case 'cash-refused':
      return choice(view.screen, MessageScreen, null, null);
  }
}

/** A page of the box's own. */
export function screenOfPage(page: Page, phone: PhoneState | null): ScreenChoice {
  // Each state is another screen to the eye, with a focus of its own.
  if (page.is === 'phone') return choice(`phone-${phone?.is ?? 'opening'}`, PhoneScreen, 'amount', 'page');
  if (page.is === 'homes') return choice('homes', HomesScreen, null, 'page');
  return choice('history', HistoryScreen, null, 'page');
}

/** Nobody is being served, so that the box may speak of itself. */
function isFree({ screen }: PurchaseView): boolean {
  return screen === 'wait' || screen === 'reading' || screen === 'problem';
}

function choice(name: string, component: Component, step: Step | null, back: Back): ScreenChoice {
  return { name, component, step, back };
}
