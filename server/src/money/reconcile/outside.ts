import { type Channel, CHANNELS } from '@bianmin/purchase/api/channels';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { OutsideTotals } from '../ledger/check.ts';
import type { Source } from './bills.ts';

/** What bills say, as the ledger is compared with it; meters are asked by callers that can. */
export function outsideOf(sources: readonly Source[]): OutsideTotals {
  const channels: Partial<Record<Channel, { paidFen: number; refundedFen: number; feeFen: number }>> = {};
  const grids: Record<string, { creditFen: number; arrearsFen: number; feeFen: number }> = {};
  for (const { source, totals } of sources) {
    const [kind, name = ''] = source.split(':');
    const of = (total: string): number => totals[total] ?? 0;
    const channel = CHANNELS.find((each) => each === name);
    if (kind === 'channel' && channel !== undefined) {
      const sum = channels[channel] ?? { paidFen: 0, refundedFen: 0, feeFen: 0 };
      channels[channel] = {
        paidFen: sum.paidFen + of('paidFen'),
        refundedFen: sum.refundedFen + of('refundedFen'),
        feeFen: sum.feeFen + of('feeFen'),
      };
    }
    if (kind === 'grid') {
      const sum = grids[name] ?? { creditFen: 0, arrearsFen: 0, feeFen: 0 };
      grids[name] = {
        creditFen: sum.creditFen + of('creditFen'),
        arrearsFen: sum.arrearsFen + of('arrearsFen'),
        feeFen: sum.feeFen + of('feeFen'),
      };
    }
  }
  return { channels, grids, meters: {} };
}

/** The accounts that a source's bill is beside, in their order: of `channel:NAME` or `grid:NAME`. */
export function accountsBeside(source: string): string[] {
  const [kind, name = ''] = source.split(':');
  const channel = CHANNELS.find((each) => each === name);
  if (kind === 'grid') return [ACCOUNTS.gridCredit(name), ACCOUNTS.gridArrears(name), ACCOUNTS.gridFee(name)];
  return channel === undefined ? [] : [ACCOUNTS.channel(channel), ACCOUNTS.fee(channel)];
}
