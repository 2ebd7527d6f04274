import type { ApiClient } from '@bianmin/shared/api/client';
import type { PortalCommand, PortalEntry } from '@bianmin/shared/api/portal';
import type { Clock } from '@bianmin/shared/clock';
import { codeOf } from '@bianmin/shared/errors';
import type { PurchaseView } from '@bianmin/shared/purchase/view';
import { Stop } from '@bianmin/shared/stop';

/** How often the portal's page is met while it follows, ms. */
export const MEET_MS = 1_000;
/** The longest wait after questions that got no answer, ms; doubled up to it. */
export const MEET_MAX_MS = 15_000;
/** A page that has not followed for so long does not come back, ms; until then it may have been asleep. */
export const ALONE_MS = 60_000;

export interface PortalVisitInit {
  readonly api: Pick<ApiClient, 'joinPortal' | 'syncPortal'>;
  readonly clock: Clock;
  readonly command: (command: PortalCommand) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * The visit of the portal's page that started the app (docs/portal.md): it is shown what the app shows, and says what
 * the household chose there. No timer is left once the page is gone.
 */
export class PortalVisit {
  readonly #init: PortalVisitInit;
  #entry: PortalEntry | undefined;
  #view: PurchaseView | undefined;
  #stop = new Stop();

  constructor(init: PortalVisitInit) {
    this.#init = init;
  }

  /** Where the family came from, once the visit was joined; for the orders. */
  get entry(): PortalEntry | undefined {
    return this.#entry;
  }

  /** What is on the app's own screen now. */
  show(view: PurchaseView): void {
    this.#view = view;
  }

  /** Joins by the token of an intent; ends the visit before. A token that is refused is somebody else's affair. */
  async join(token: string): Promise<void> {
    const { api, onFault } = this.#init;
    this.leave();
    const stop = (this.#stop = new Stop());
    try {
      const { id, entry } = await api.joinPortal(token);
      if (stop.stopped) return;
      this.#entry = entry;
      void this.#meet(id, stop);
    } catch (error) {
      onFault('portal', error);
    }
  }

  leave(): void {
    this.#stop.stop();
  }

  async #meet(id: string, stop: Stop): Promise<void> {
    const { api, clock, command, onFault } = this.#init;
    let [taken, wait, alone] = [0, MEET_MS, 0];
    let shown: PurchaseView | undefined;
    while (!stop.stopped && alone < ALONE_MS) {
      const view = this.#view;
      try {
        const news = view === undefined || view === shown ? {} : { view };
        const { commands, followed } = await api.syncPortal(id, { ...news, taken });
        shown = view;
        // What was chosen for another screen than the one that is there by now is passed over.
        for (const each of commands) if (this.#view === view) command(each.command);
        taken = Math.max(taken, ...commands.map(({ no }) => no));
        alone = followed ? 0 : alone + wait;
        wait = MEET_MS;
      } catch (error) {
        if (codeOf(error) === 'request.not-found') return;
        // Said once an outage.
        if (wait === MEET_MS) onFault('portal', error);
        alone += wait;
        wait = Math.min(wait * 2, MEET_MAX_MS);
      }
      await clock.sleep(wait, stop.signal).catch(() => undefined);
    }
  }
}
