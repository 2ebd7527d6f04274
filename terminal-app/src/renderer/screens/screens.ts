import type { Component } from 'vue';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import AmountScreen from './AmountScreen.vue';
import BringCardScreen from './BringCardScreen.vue';
import CashStaffScreen from './CashStaffScreen.vue';
import CashTakeScreen from './CashTakeScreen.vue';
import CounterScreen from './CounterScreen.vue';
import CreditedScreen from './CreditedScreen.vue';
import CreditFailedScreen from './CreditFailedScreen.vue';
import CreditingScreen from './CreditingScreen.vue';
import CustomerNoScreen from './CustomerNoScreen.vue';
import DoneScreen from './DoneScreen.vue';
import MessageScreen from './MessageScreen.vue';
import PayScreen from './PayScreen.vue';
import ProgressScreen from './ProgressScreen.vue';
import ProofScreen from './ProofScreen.vue';
import ReadingScreen from './ReadingScreen.vue';
import WaitScreen from './WaitScreen.vue';
import WhoScreen from './WhoScreen.vue';

/** The five steps of a purchase; without the card two of them have other names. */
const STEPS = { card: 1, number: 1, who: 2, amount: 3, pay: 4, write: 5, credit: 5 } as const;
export type Step = keyof typeof STEPS;

export function numberOf(step: Step): number {
  return STEPS[step];
}

export interface ScreenChoice {
  readonly component: Component;
  /** Where a person is; null on screens outside the five steps. */
  readonly step: Step | null;
  /** Whether "back" does something here. */
  readonly back: boolean;
}

/** Which component draws a view, and what the frame around it says. */
export function screenFor(view: PurchaseView): ScreenChoice {
  switch (view.screen) {
    case 'wait':
      return { component: WaitScreen, step: 'card', back: false };
    case 'reading':
    // Only a family's box keeps households.
    case 'recalling':
      return { component: ReadingScreen, step: 'card', back: false };
    case 'customer-no':
      return { component: CustomerNoScreen, step: 'number', back: true };
    case 'proof':
      return { component: ProofScreen, step: 'number', back: !view.busy };
    case 'who':
      return { component: WhoScreen, step: 'who', back: false };
    case 'amount':
      return {
        component: view.assisted ? CounterScreen : AmountScreen,
        step: 'amount',
        back: view.busyFen === null,
      };
    case 'pay':
      return { component: PayScreen, step: 'pay', back: view.cashAsked === undefined };
    case 'cash-staff':
      return { component: CashStaffScreen, step: 'pay', back: !view.busy };
    case 'cash-take':
      return { component: CashTakeScreen, step: 'pay', back: !view.busy };
    case 'cash-unsure':
    case 'cash-refused':
      return { component: MessageScreen, step: 'pay', back: false };
    case 'selling':
    case 'writing':
      return { component: ProgressScreen, step: 'write', back: false };
    case 'done':
      return { component: DoneScreen, step: 'write', back: false };
    case 'crediting':
      return { component: CreditingScreen, step: 'credit', back: false };
    case 'credited':
      return { component: CreditedScreen, step: 'credit', back: false };
    case 'credit-failed':
      return { component: CreditFailedScreen, step: null, back: false };
    case 'bring-card':
      return { component: BringCardScreen, step: null, back: false };
    case 'problem':
      return { component: MessageScreen, step: null, back: view.canLeave ?? false };
    case 'pulled':
    case 'other-card':
    case 'resume':
    case 'uncredited':
    case 'grid-silent':
    case 'refund':
    case 'expired':
      return { component: MessageScreen, step: null, back: false };
  }
}
