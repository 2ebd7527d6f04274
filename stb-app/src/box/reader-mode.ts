import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { Box } from './box.ts';

/** While these are shown, money or a card is under way: a household that is gone by then may still wait for it. */
const UNDER_WAY: ReadonlySet<PurchaseView['screen']> = new Set([
  ...(['reading', 'pay', 'selling', 'writing', 'crediting', 'grid-silent'] as const),
]);

/** Of the page's address: the shell loads it so where the portal's own page stays in front. */
export const READER_MODE = '#reader';

/**
 * The box behind a portal's page, without screens of its own: it leaves when no page follows it and nothing is
 * under way. What needs a person in front of the box itself, such as a new box that waits to be accepted, ends it, too:
 * the portal's page then offers the app with its screens.
 */
export function runBehindPortal(
  box: Pick<Box, 'view' | 'status' | 'isVisited' | 'onView' | 'onStatus' | 'onUnvisited' | 'leave'>,
): void {
  let left = false;
  const look = (): void => {
    const lost = box.status.terminal === 'keys-lost';
    if (left || (!lost && (box.isVisited || UNDER_WAY.has(box.view.screen)))) return;
    left = true;
    box.leave();
  };
  // Before it was asked for, a visit is not over.
  let ended = false;
  const lookOnceEnded = (): void => {
    if (ended || box.status.terminal === 'keys-lost') look();
  };
  box.onUnvisited(() => {
    ended = true;
    look();
  });
  box.onView(lookOnceEnded);
  box.onStatus(lookOnceEnded);
  lookOnceEnded();
}
