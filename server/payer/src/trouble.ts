import type { Refused } from './api.ts';
import type { WordKey } from './words/zh-cn.ts';

const WORDS: Readonly<Record<string, WordKey>> = {
  offline: 'error.offline',
  'server.unavailable': 'error.offline',
  'server.internal': 'error.other',
  'binding.code-wrong': 'error.code-wrong',
  'binding.code-spent': 'error.code-spent',
  'request.rate-limited': 'error.rate',
  'binding.too-many': 'error.too-many',
  'binding.not-offered': 'error.not-offered',
  'binding.not-found': 'error.gone',
  'binding.daily-limit': 'error.daily',
  'order.amount-out-of-range': 'error.amount',
  'bill.not-due': 'error.bill',
  'meter.not-remote': 'home.notRemote',
  'meter.previous-not-inserted': 'home.notInserted',
  'meter.order-open': 'home.busy',
  'grid.unavailable': 'error.grid',
  'grid.refused': 'error.grid',
  'grid.no-credit': 'error.grid',
  'customer.unknown': 'error.customer',
  'payment.channel-unavailable': 'error.channel',
  'order.not-found': 'error.order',
  'order.already-paid': 'error.paid',
  'order.closed': 'error.closed',
  'pay-link.unknown': 'error.link',
  'pay-link.ask-who': 'error.ask-who',
};

/** The words for a refusal. */
export function wordsOf(refused: Pick<Refused, 'code'>): WordKey {
  return WORDS[refused.code] || 'error.other';
}

/** How long to wait, in the largest unit that says it. */
export function waitOf(seconds: number): { key: WordKey; n: number } {
  if (seconds < 90) return { key: 'wait.seconds', n: Math.max(1, Math.ceil(seconds)) };
  if (seconds < 5400) return { key: 'wait.minutes', n: Math.ceil(seconds / 60) };
  return { key: 'wait.hours', n: Math.ceil(seconds / 3600) };
}
