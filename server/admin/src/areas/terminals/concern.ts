import type { FleetKiosk } from '@bianmin/purchase/api/fleet-kiosks';

/** What a kiosk needs a hand for: a missing one's likely cause, or what it says itself. */
type Concern = NonNullable<FleetKiosk['cause']> | 'never' | 'readerNow' | 'blockedNow';

/** Undefined where there is nothing to do, or nothing that is known yet. */
export function concernOf({ cause, presence, readerTrouble, blocked }: FleetKiosk): Concern | undefined {
  if (cause !== null) return cause;
  if (presence === 'never') return 'never';
  if (readerTrouble) return 'readerNow';
  return blocked ? 'blockedNow' : undefined;
}
