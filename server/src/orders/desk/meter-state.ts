import type { MeterState } from '@bianmin/purchase/api/meter';
import type { GridCard } from '../../gateways/grid/customers.ts';

/** What a screen is told of the meter. */
export function meterStateOf(
  card: Pick<GridCard, 'balanceFen' | 'balanceAt' | 'balanceLive' | 'ceilingFen' | 'arrearsFen'>,
): MeterState {
  return {
    balanceFen: card.balanceFen,
    readAt: timeOf(card.balanceAt),
    ...(card.balanceLive ? { live: true } : {}),
    ...(card.ceilingFen === null ? {} : { ceilingFen: card.ceilingFen }),
    arrearsFen: card.arrearsFen,
  };
}

/** A meter's clock may be unset; what is no time is none. */
function timeOf(iso: string | null): string | null {
  const ms = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
