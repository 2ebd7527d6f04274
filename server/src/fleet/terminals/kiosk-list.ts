import {
  OFFLINE_CAUSES,
  type FleetKiosk,
  type FleetKioskQuery,
  type FleetKiosks,
  type KioskTile,
} from '@bianmin/purchase/api/fleet-kiosks';

/** A row, and what it is chosen by. Repairs are looked up for each list. */
export interface ListedKiosk extends FleetKiosk {
  /** From the province down to its own. */
  readonly orgPath: readonly string[];
}

const isOffline = ({ presence }: FleetKiosk): boolean => presence === 'missing' || presence === 'never';
const SHOWN: Readonly<Record<NonNullable<FleetKioskQuery['show']>, (kiosk: FleetKiosk) => boolean>> = {
  offline: isOffline,
  online: ({ presence }) => presence === 'online' || presence === 'late',
  reader: ({ readerTrouble }) => readerTrouble,
  blocked: ({ blocked }) => blocked,
  repair: ({ repair }) => repair !== null,
};

/**
 * Those that need a hand first: missing ones by their cause, as `OFFLINE_CAUSES` has them, the latest silence first; those never
 * heard; those whose reader does not work; late ones; those that sell nothing; those not known yet; the others. Then by name.
 */
export function byNeed(one: FleetKiosk, other: FleetKiosk): number {
  const ranks = rankOf(one) - rankOf(other);
  if (ranks !== 0) return ranks;
  if (one.cause !== null && one.seenAt !== other.seenAt)
    return (one.seenAt ?? '') < (other.seenAt ?? '') ? 1 : -1;
  return one.name < other.name ? -1 : one.name > other.name ? 1 : one.id < other.id ? -1 : 1;
}

function rankOf(kiosk: FleetKiosk): number {
  if (kiosk.cause !== null) return OFFLINE_CAUSES.indexOf(kiosk.cause);
  const rest = [
    kiosk.presence === 'never',
    kiosk.readerTrouble,
    kiosk.presence === 'late',
    kiosk.blocked,
    kiosk.presence === 'unknown',
    true,
  ];
  return OFFLINE_CAUSES.length + rest.indexOf(true);
}

/** `places`: organisations whose name has the text that is asked for. */
export function chosenOf(
  kiosks: readonly ListedKiosk[],
  { show, version, org, text }: Omit<FleetKioskQuery, 'limit'>,
  places: ReadonlySet<string>,
): ListedKiosk[] {
  const asked = text?.toLowerCase();
  return kiosks.filter(
    (kiosk) =>
      (show === undefined || SHOWN[show](kiosk)) &&
      (version === undefined || kiosk.version === version) &&
      (org === undefined || kiosk.orgPath.includes(org)) &&
      (asked === undefined ||
        kiosk.id === asked ||
        kiosk.name.toLowerCase().includes(asked) ||
        kiosk.orgPath.some((id) => places.has(id))),
  );
}

export function countsOf(kiosks: readonly FleetKiosk[]): FleetKiosks['counts'] {
  const count = (show: keyof typeof SHOWN): number => kiosks.filter((kiosk) => SHOWN[show](kiosk)).length;
  return {
    all: kiosks.length,
    offline: count('offline'),
    online: count('online'),
    reader: count('reader'),
    blocked: count('blocked'),
    repair: count('repair'),
  };
}

/**
 * How kiosks are in each organisation right below `of`, or below the only one that has any: those with most offline first, then the
 * largest, then by id.
 */
export function tilesOf(kiosks: readonly ListedKiosk[], of: string): KioskTile[] {
  const places = new Map<string, ListedKiosk[]>();
  for (const kiosk of kiosks) {
    const at = kiosk.orgPath.indexOf(of);
    const below = at < 0 ? undefined : kiosk.orgPath[at + 1];
    if (below === undefined) continue;
    const there = places.get(below);
    if (there === undefined) places.set(below, [kiosk]);
    else there.push(kiosk);
  }
  const [only] = places.keys();
  if (only !== undefined && places.size === 1) return tilesOf(kiosks, only);
  return [...places]
    .map(([org, there]) => {
      const { all, offline, reader, repair } = countsOf(there);
      return { org, all, offline, reader, repair };
    })
    .sort((a, b) => b.offline - a.offline || b.all - a.all || (a.org < b.org ? -1 : 1));
}
