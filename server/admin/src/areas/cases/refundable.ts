import type { StaffCase } from '@bianmin/purchase/api/staff';

type About = Pick<StaffCase, 'kind' | 'facts' | 'orderNo' | 'status'>;

/** A channel's bill alone tells of the money: it goes back by the case, as the order does not have it. */
export const isFoundMoney = ({ kind, facts }: About): boolean =>
  (kind === 'CHANNEL_ONLY' || kind === 'STATUS_DIFF') &&
  facts['against'] === 'channel' &&
  facts['billStatus'] === 'paid';

/** Whether money could go back by it; whether it may, the server says. */
export const isRefundable = (about: About): boolean =>
  about.status === 'open' &&
  /^\d{18}$/.test(about.orderNo) &&
  about.kind === about.kind.toUpperCase() &&
  (about.kind !== 'CHANNEL_ONLY' || isFoundMoney(about));

/** What is at stake, fen: as the bill has it, else as the order has it. */
export function fenOfCase({ facts }: Pick<StaffCase, 'facts'>): number | null {
  for (const name of ['billFen', 'orderFen', 'differenceFen']) {
    const fen = facts[name];
    if (typeof fen === 'number') return fen;
  }
  return null;
}
