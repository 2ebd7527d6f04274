import type { PhoneView } from '@bianmin/purchase/api/phone-view';

/** The visit of a television that this tab has, or may have: gone with the tab. */
export interface KeptVisit {
  /** Of the address; its own key makes that the same tab may ask again after an answer that was lost. */
  readonly code: string;
  readonly key: string;
  /** Absent until the server said yes. */
  readonly id?: string;
  /** The order's own page that this tab went to pay on: it leads back here. */
  readonly pays?: string;
  /** What the television showed last: the receipt outlives the visit. */
  readonly last?: PhoneView;
}

const KEPT = 'bianmin.television';
/** Where a browser refuses storage: good until the page is left. */
let here: KeptVisit | undefined;

export function keptVisit(): KeptVisit | undefined {
  if (here !== undefined) return here;
  try {
    const kept = sessionStorage.getItem(KEPT);
    return kept === null ? undefined : (JSON.parse(kept) as KeptVisit);
  } catch {
    return undefined;
  }
}

export function keepVisit(visit: KeptVisit): void {
  here = visit;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(visit));
  } catch {
    // As above.
  }
}
