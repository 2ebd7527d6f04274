import type { Component } from 'vue';
import type { PurchaseView } from '@bianmin/shared/purchase/view';
import AmountScreen from './AmountScreen.vue';
import DoneScreen from './DoneScreen.vue';
import MessageScreen from './MessageScreen.vue';
import PayScreen from './PayScreen.vue';
import ProgressScreen from './ProgressScreen.vue';
import ReadingScreen from './ReadingScreen.vue';
import WaitScreen from './WaitScreen.vue';
import WhoScreen from './WhoScreen.vue';

export type Step = 'card' | 'who' | 'amount' | 'pay' | 'write';
export const STEPS: readonly Step[] = ['card', 'who', 'amount', 'pay', 'write'];

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
      return { component: ReadingScreen, step: 'card', back: false };
    case 'who':
      return { component: WhoScreen, step: 'who', back: false };
    case 'amount':
      return { component: AmountScreen, step: 'amount', back: view.busyFen === null };
    case 'pay':
      return { component: PayScreen, step: 'pay', back: true };
    case 'selling':
    case 'writing':
      return { component: ProgressScreen, step: 'write', back: false };
    case 'done':
      return { component: DoneScreen, step: 'write', back: false };
    case 'pulled':
    case 'other-card':
    case 'resume':
    case 'grid-silent':
    case 'refund':
    case 'expired':
    case 'problem':
      return { component: MessageScreen, step: null, back: false };
  }
}
