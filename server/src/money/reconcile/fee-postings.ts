import type { Channel } from '@bianmin/purchase/api/channels';
import type { BillTotals } from '../../gateways/payment/contract.ts';
import { startOfDay } from '../../kernel/china-time.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';

/** What each channel kept, by its own bill; a bill that came again with another fee adds what is missing. */
export async function postFees(
  ledger: LedgerStore,
  bills: readonly { readonly channel: Channel; readonly day: string; readonly totals: BillTotals }[],
): Promise<void> {
  for (const { channel, day, totals } of bills) {
    const source = `bill:${channel}:${day}`;
    let [posted, n] = [0, 1];
    for await (const posting of ledger.read({ source })) {
      posted += posting.legs.reduce(
        (sum, { account, fen }) => sum + (account === ACCOUNTS.fee(channel) ? fen : 0),
        0,
      );
      n = posting.n + 1;
    }
    const fen = totals.feeFen - posted;
    if (fen === 0) continue;
    const legs = [
      { account: ACCOUNTS.fee(channel), fen },
      { account: ACCOUNTS.channel(channel), fen: -fen },
    ];
    await ledger.add([{ source, n, group: 'fee', name: 'bill.fee', at: startOfDay(day), day, legs }]);
  }
}
