import type { PayerOrder } from '@bianmin/purchase/api/payer';

/** What an order's screen is about now. */
export type OrderStep =
  | { readonly is: 'pay'; readonly url: string; readonly until: number }
  | { readonly is: 'pay-expired' }
  /** How many of the steps (money, sale, meter) are behind; `silent`: an answer is overdue. */
  | { readonly is: 'going'; readonly behind: 1 | 2; readonly silent: boolean }
  | { readonly is: 'choose' }
  | { readonly is: 'card' }
  | { readonly is: 'credited' }
  | { readonly is: 'written' }
  /** Written, and its meter did not take it: `belowFen`, it was too full. */
  | { readonly is: 'not-taken'; readonly belowFen: number | undefined }
  | { readonly is: 'refunding' }
  | { readonly is: 'refunded' }
  | { readonly is: 'closed' }
  | { readonly is: 'attention' };

/** After this much time on its way, the waiting payer is told that nothing is lost. */
const LONG_MS = 90_000;

/** `now`: the server's time. */
export function stepOf(order: PayerOrder, now: number): OrderStep {
  const overdue = now - Date.parse(order.createdAt) > LONG_MS;
  const credit = order.credit === undefined ? 'none' : order.credit.status;
  switch (order.state) {
    case 'created':
    case 'paying':
      return payStep(order, now);
    case 'paid':
      return { is: 'going', behind: 1, silent: overdue };
    case 'grid-silent':
      return { is: 'going', behind: 1, silent: true };
    case 'sold':
      // Sold and not sent yet; or its payer chose the card.
      return credit === 'failed' ? { is: 'card' } : { is: 'going', behind: 2, silent: overdue };
    case 'crediting':
      return { is: 'going', behind: 2, silent: overdue || credit === 'unknown' };
    case 'credit-failed':
      return { is: 'choose' };
    case 'writing':
      return { is: 'card' };
    case 'done':
      return doneStep(order);
    case 'refunding':
      return { is: 'refunding' };
    case 'refunded':
      return { is: 'refunded' };
    case 'closed':
      return { is: 'closed' };
    case 'write-failed':
    case 'attention':
      return { is: 'attention' };
  }
}

function doneStep({ credit, meter }: PayerOrder): OrderStep {
  const byMeter = meter === undefined ? undefined : meter.status;
  if (byMeter === 'credited' || (credit !== undefined && credit.status === 'credited'))
    return { is: 'credited' };
  return meter === undefined || byMeter !== 'refused'
    ? { is: 'written' }
    : { is: 'not-taken', belowFen: meter.belowFen };
}

function payStep({ pay }: PayerOrder, now: number): OrderStep {
  const until = pay === null ? 0 : Date.parse(pay.until);
  return pay === null || until <= now ? { is: 'pay-expired' } : { is: 'pay', url: pay.url, until };
}

/** Nothing more happens by itself, and nothing is to be chosen. */
export function isOver(step: OrderStep): boolean {
  return ['credited', 'written', 'refunded', 'closed'].indexOf(step.is) >= 0;
}
