import type { IdentifyResponse } from '../api/card.ts';
import type { CashOffer } from '../api/float.ts';
import type { OrderView } from '../api/order.ts';
import type { RemoteCustomer } from '../api/remote.ts';

export const SERIALS = ['6501000000000001', '6501000000000002'] as const;
export const FAILED = {
  kind: 'remote',
  credit: { status: 'failed', balanceFen: null, creditedAt: null },
  choices: ['card', 'refund'],
} satisfies Partial<OrderView>;

export const OFFER: CashOffer = {
  ...{ ticket: 'ticket', committee: '*', staff: 'zhang', takeFen: 5000 },
  ...{ balanceFen: 95_000, leftTodayFen: 45_000 },
};

export function viewOf(n: number, version: number, state: OrderView['state'], code: boolean): OrderView {
  return {
    orderNo: `26011502000000000${n}`,
    version,
    state,
    entry: 'kiosk',
    faceFen: 5000,
    discountFen: 0,
    paidFen: 5000,
    createdAt: '2026-01-15T02:00:00Z',
    payment: code
      ? {
          no: 'p',
          channel: 'wechat',
          status: 'pending',
          codeUrl: 'weixin://x',
          expiresAt: '2026-01-15T02:05:00Z',
        }
      : null,
    receiptCode: null,
    refund: null,
    ...(state === 'credit-failed' ? FAILED : {}),
  };
}

export function described(blocked: RemoteCustomer['blocked']): RemoteCustomer {
  const { customer, meter, limits } = identified(null, null);
  return { customer, meter, limits, blocked };
}

export function identified(
  blocked: IdentifyResponse['blocked'],
  unfinished: OrderView | null,
): IdentifyResponse {
  return {
    cardSession: 'session',
    customer: { name: '张*', address: '*', customerNo: '****1234' },
    meter: { balanceFen: null, readAt: null, arrearsFen: 0 },
    limits: { minFen: 1000, maxFen: 50_000, stepFen: 100, presetsFen: [] },
    blocked,
    unfinished,
  };
}
