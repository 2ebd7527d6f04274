import type { PayPageView } from '@bianmin/purchase/api/pay-page';

/** What the page of an order's link is about now. */
export type LinkStep =
  'pay' | 'over' | 'paid' | 'credited' | 'refunding' | 'refunded' | 'closed' | 'attention';

/** `now`: the server's time. */
export function linkStepOf(page: PayPageView, now: number): LinkStep {
  switch (page.state) {
    case 'created':
    case 'paying':
      return Date.parse(page.until) > now && page.ways.length > 0 ? 'pay' : 'over';
    case 'paid':
    case 'grid-silent':
    case 'sold':
    case 'crediting':
    case 'credit-failed':
    case 'writing':
    case 'write-failed':
      return 'paid';
    case 'done':
      return 'credited';
    case 'refunding':
      return 'refunding';
    case 'refunded':
      return 'refunded';
    case 'closed':
      return 'closed';
    case 'attention':
      return 'attention';
  }
}

/**
 * Nothing more comes by itself. After the time to pay the server asks the wallet, and money of the last second may be
 * there.
 */
export function linkOver(step: LinkStep): boolean {
  return step === 'credited' || step === 'refunded' || step === 'closed';
}
