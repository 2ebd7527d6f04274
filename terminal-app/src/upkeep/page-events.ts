import type { PageKeeper } from './page-keeper.ts';

/** What gives events by name: Electron's windows and pages do. */
export interface Emitter {
  on(name: string, listener: (...args: never[]) => void): unknown;
}

/** What is given up because another load begins is no failure (Chromium's net_error_list.h). */
const ERR_ABORTED = -3;

/** Tells the keeper what Electron says of the window and its page. */
export function followPage(
  keeper: Pick<PageKeeper, 'gone' | 'setResponsive'>,
  { window, page }: { readonly window: Emitter; readonly page: Emitter },
): void {
  window.on('unresponsive', () => {
    keeper.setResponsive(false);
  });
  window.on('responsive', () => {
    keeper.setResponsive(true);
  });
  page.on('render-process-gone', (_event: unknown, { reason }: { reason: string }) => {
    keeper.gone(reason);
  });
  // Event, code, description, URL, whether it is the main frame.
  page.on('did-fail-load', (...[, code, , , isMainFrame]: [unknown, number, string, string, boolean]) => {
    if (isMainFrame && code !== ERR_ABORTED) keeper.gone('did-fail-load');
  });
}
