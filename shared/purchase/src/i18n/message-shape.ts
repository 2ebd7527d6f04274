import type { PurchaseKey } from './zh-CN.ts';
import type { PurchaseCommand } from '../purchase/view/command.ts';

/** What messages say, and each terminal in its own way: staff stand beside a kiosk, nobody beside a TV. */
type OwnWayKey =
  | 'grid-silent.todo'
  | `problem.${
      | 'card-damaged'
      | 'card-protected-tries'
      | 'card-changed'
      | 'not-yet-used'
      | 'server-away'
      | 'not-enrolled'
      | 'journal-broken'
      | 'write-failed'
      | 'unexpected'}.todo`;
export type MessageKey = PurchaseKey | OwnWayKey;

export type MessageView =
  'pulled' | 'other-card' | 'resume' | 'uncredited' | 'grid-silent' | 'refund' | 'expired' | 'problem';

/** A screen that says what is true, what to do, and that the money is safe; `Key`: of the terminal's words. */
export interface Message<Key extends string = MessageKey> {
  readonly title: Key;
  readonly values: Readonly<Record<string, string>>;
  readonly todo: Key;
  readonly money: Key | null;
  readonly tone: 'plain' | 'trouble' | 'good';
  readonly art: 'going-in' | 'in' | 'out' | 'meter';
  readonly action: 'resume' | 'retry' | 'finish' | null;
  readonly actionWords: Key;
  /** Answers to what it asks, one to be chosen. */
  readonly choices: readonly { readonly words: Key; readonly command: PurchaseCommand }[];
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
  choices: [],
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
