import type { TerminalStatus } from '@bianmin/purchase/api/terminal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';

/** The staff code of a card that could be sold to were the terminal not blocked from afar. */
export const BLOCKED_CODE = 'terminal.blocked';

/** Why a terminal sells nothing: told to from afar, or cut off by an administrator. */
export type Stop = 'blocked' | Extract<TerminalStatus, 'rejected' | 'suspended' | 'retired'>;

const OF_CODE: ReadonlyMap<string, Stop> = new Map([
  [BLOCKED_CODE, 'blocked'],
  ['terminal.rejected', 'rejected'],
  ['terminal.suspended', 'suspended'],
  ['terminal.retired', 'retired'],
]);

/** What a household must be told instead of the purchase; null where it sells, and while an order is open. */
export function stopOf(
  view: PurchaseView,
  status: { readonly blocked: boolean; readonly standing: TerminalStatus | null } | null,
): Stop | null {
  if (view.screen === 'problem') return OF_CODE.get(view.staffCode) ?? null;
  if (view.screen !== 'wait' || status === null) return null;
  const { standing, blocked } = status;
  if (standing === 'rejected' || standing === 'suspended' || standing === 'retired') return standing;
  return blocked ? 'blocked' : null;
}
