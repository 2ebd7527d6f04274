import type { PurchaseView } from '@bianmin/purchase/purchase/view';

/** It holds 980 of at most 1,000 yuan, and 200 are bought. */
const full = { balanceFen: 98_000, ceilingFen: 100_000, belowFen: 80_000 };
const waits = { screen: 'uncredited', orderNo: '261125093000123456', creditFen: 20_000 } as const;
const home = {
  ...{ name: '张*', address: '天山区**小区3号楼', customerNo: '****1234', meterTail: '6789', arrearsFen: 0 },
  ...{ balanceFen: 98_000, balanceAt: '2026-11-20T08:30:00Z', ceilingFen: 100_000 },
};

/** Screens about what a meter takes, says, and has not taken; `pay` and `done` as they are without. */
export function sampleMeterViews(of: {
  readonly pay: Extract<PurchaseView, { screen: 'pay' }>;
  readonly done: Extract<PurchaseView, { screen: 'done' }>;
}): Readonly<Record<string, PurchaseView>> {
  const { quote: _, ...pay } = of.pay;
  return {
    'who-live': { screen: 'who', household: { ...home, isLive: true } },
    'pay-no-room': { ...pay, faceFen: 20_000, paidFen: 20_000, discountFen: 0, full },
    'done-no-room': { ...of.done, full },
    'done-no-room-card-out': { ...of.done, full, cardOut: true },
    uncredited: { ...waits, shown: null },
    'uncredited-not-inserted': { ...waits, shown: 'not-inserted' },
    'uncredited-full': { ...waits, shown: 'full', belowFen: 80_000, around: '2026-12-23' },
    'uncredited-below': { ...waits, shown: 'full', belowFen: 80_000 },
    'uncredited-later': { ...waits, shown: 'full' },
    'uncredited-other': { ...waits, shown: 'other' },
  };
}
