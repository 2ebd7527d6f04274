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
  /** No visit is under way any more, and the app did not leave it. */
  readonly onOver?: () => void;
}

interface Visit {
  readonly stop: Stop;
  /** Absent until it was joined. */
  id?: string;
  /** Number of the newest of the page's commands that was had. */
  taken: number;
  /** The page does not follow any more. */
  alone: boolean;
}

/**
 * The visit of the portal's page that started the app (docs/portal.md): it is shown what the app shows, and says what
 * the household chose there. No timer is left once the page is gone.
 */
export class PortalVisit {
  readonly #init: PortalVisitInit;
  #entry: PortalEntry | undefined;
  #view: PurchaseView | undefined;
  /** The one under way. */
  #visit: Visit | undefined;
  /** The one whose token is being exchanged. */
  #joining: Visit | undefined;

  constructor(init: PortalVisitInit) {
    this.#init = init;
  }

  /** Where the family came from, once the visit was joined; for the orders. */
  get entry(): PortalEntry | undefined {
    return this.#entry;
  }

  /** Whether a page follows, or may in a moment. */
  get isUnderWay(): boolean {
    const visit = this.#visit;
    return this.#joining !== undefined || (visit !== undefined && !visit.stop.stopped && !visit.alone);
  }

  /** What is on the app's own screen now. */
  show(view: PurchaseView): void {
    this.#view = view;
  }

  /** Joins by the token of an intent, and leaves the visit before. Any app sends tokens: one that is refused ends nothing. */
  async join(token: string): Promise<void> {
    const { api, onFault, onOver } = this.#init;
    const visit: Visit = { stop: new Stop(), taken: 0, alone: false };
    this.#joining?.stop.stop();
    this.#joining = visit;
    try {
      const { id, entry } = await api.joinPortal(token);
      if (visit.stop.stopped) return;
      this.#joining = undefined;
      this.leave();
      this.#visit = visit;
      this.#entry = entry;
      visit.id = id;
      void this.#meet(id, visit);
    } catch (error) {
      onFault('portal', error);
    } finally {
      if (this.#joining === visit) this.#joining = undefined;
    }
    if (!this.isUnderWay) onOver?.();
  }

  /** The page hears of it at once, and need not look after an app that has gone. */
  leave(): void {
    const { api, onFault } = this.#init;
    const visit = this.#visit;
    this.#joining?.stop.stop();
    this.#joining = undefined;
    if (visit === undefined || visit.stop.stopped) return;
    visit.stop.stop();
    const { id, taken } = visit;
    if (id === undefined) return;
    api.syncPortal(id, { taken, end: true }).catch((error: unknown) => {
      onFault('portal', error);
    });
  }

  async #meet(id: string, visit: Visit): Promise<void> {
    const { api, clock, command, onFault, onOver } = this.#init;
    const { stop } = visit;
    let [wait, alone, gone] = [MEET_MS, 0, false];
    let shown: PurchaseView | undefined;
    while (!stop.stopped && alone < ALONE_MS) {
      const view = this.#view;
      try {
        const news = view === undefined || view === shown ? {} : { view };
        const { commands, followed } = await api.syncPortal(id, { ...news, taken: visit.taken });
        shown = view;
        // What was chosen for another screen than the one that is there by now is passed over.
        for (const each of commands) if (this.#view === view) command(each.command);
        visit.taken = Math.max(visit.taken, ...commands.map(({ no }) => no));
        alone = followed ? 0 : alone + wait;
        wait = MEET_MS;
      } catch (error) {
        if (codeOf(error) === 'request.not-found') {
          gone = true;
          stop.stop();
          break;
        }
        // Said once an outage.
        if (wait === MEET_MS) onFault('portal', error);
        alone += wait;
        wait = Math.min(wait * 2, MEET_MAX_MS);
      }
      await clock.sleep(wait, stop.signal).catch(() => undefined);
    }
    if (stop.stopped && !gone) return;
    visit.alone = true;
    if (!this.isUnderWay) onOver?.();
  }
}
