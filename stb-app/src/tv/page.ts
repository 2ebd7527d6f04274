import type { HomeView } from '@bianmin/purchase/api/home';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';

/** A page of the box's own: the households that it keeps, what one has bought, or the phone that chooses the amount. */
export type Page =
  | { readonly is: 'homes' }
  | { readonly is: 'phone' }
  /** `home`: absent for the card that is in. */
  | { readonly is: 'history'; readonly home?: HomeView };

/** Where Back leads from a page; null: to the screen that it lies before. */
export function pageBehind(page: Page | null): Page | null {
  return page?.is === 'history' && page.home !== undefined ? { is: 'homes' } : null;
}

/** Whether this page, or none, lies before this screen. */
export function liesBefore(page: Page | null, view: PurchaseView): boolean {
  if (page?.is === 'phone') return view.screen === 'amount' && view.busyFen === null;
  if (page?.is === 'history' && page.home === undefined) return view.screen === 'who';
  return view.screen === 'wait' || (view.screen === 'problem' && view.withoutCard === true);
}

/** Whether a page comes back, or stays, as the purchase goes on to this screen. */
export function outlives(page: Page, view: PurchaseView): boolean {
  const back = view.screen === 'recalling' || view.screen === 'amount' || view.screen === 'problem';
  return liesBefore(page, view) || (page.is === 'homes' && back);
}
