import type { FleetKiosk } from '@bianmin/purchase/api/fleet-kiosks';
import type { RepairFault } from '@bianmin/purchase/api/repairs';

const OF_CAUSE: Readonly<Record<NonNullable<FleetKiosk['cause']>, RepairFault>> = {
  ...{ reader: 'reader', network: 'network', power: 'power' },
  ...{ unknown: 'other', blocked: 'other', updating: 'other' },
};

/** What is most likely broken at a kiosk, as far as it can be seen from here. */
export function likelyFault({
  cause,
  readerTrouble,
}: Pick<FleetKiosk, 'cause' | 'readerTrouble'>): RepairFault {
  if (cause !== null) return OF_CAUSE[cause];
  return readerTrouble ? 'reader' : 'other';
}
