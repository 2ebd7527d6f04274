import type { MessageKey } from './zh-CN.ts';
import type { PurchaseCommand } from '../purchase/view.ts';

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

/** What most of them have in common. */
export const PLAIN: Omit<Message, 'title' | 'todo'> = {
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

export const ACTION_WORDS = {
  resume: 'resume.go',
  retry: 'action.retry',
  finish: 'action.finish',
} as const satisfies Partial<Record<PurchaseCommand['type'], MessageKey>>;
