import type { Words } from '@bianmin/purchase/i18n/translate';
import type { PurchaseKey } from '../zh-CN/purchase.ts';

export const purchase: Words<PurchaseKey> = {
  'help.staff': 'Please ask the staff beside you, or call:',
  'amount.other': 'Other amount',
  'amount.enter': 'Enter whole yuan',
  'done.todo': 'Take your card home and put it in the meter',
  'credited.count': 'Purchase number {n}',
  'grid-silent.todo': 'We keep asking; you will know by tomorrow. You may take your card home',
  'undone.title': 'Your last purchase was taken back',
  'problem.card-damaged.todo': 'Please ask the staff, or go to the electricity office',
  'problem.card-protected-tries.todo': 'We stopped so that it is not locked. Please ask the staff',
  'problem.card-changed.todo': 'Please ask the staff, and do not pay again',
  'problem.not-yet-used.todo': 'Please put the card in your meter at home first, then come back',
  'problem.server-away.todo': 'Please try again in a little while, or ask the staff',
  'problem.not-enrolled.todo': 'The staff must accept it in the console first',
  'problem.journal-broken.todo': 'Please use another machine and tell the staff',
  'problem.write-failed.todo': 'Please ask the staff, and do not pay again',
  'problem.unexpected.todo': 'Take the card out and start again; if it fails again, ask the staff',
};
