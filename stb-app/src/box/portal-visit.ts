import type { Clock } from '@bianmin/card/clock';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { PortalCommand, PortalEntry } from '@bianmin/purchase/api/portal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { Meeting } from './meeting.ts';

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
  readonly meeting: Meeting;
  /** Absent until it was joined. */
  id?: string;
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
    return (
      this.#joining !== undefined || (visit !== undefined && !visit.meeting.stop.stopped && !visit.alone)
    );
  }

  /** What is on the app's own screen now. */
  show(view: PurchaseView): void {
    this.#view = view;
  }

  /** Joins by the token of an intent, and leaves the visit before. Any app sends tokens: one that is refused ends nothing. */
  async join(token: string): Promise<void> {
    const { api, onFault, onOver } = this.#init;
    const visit: Visit = {
      meeting: new Meeting({ ...this.#init, view: () => this.#view, aloneMs: () => ALONE_MS }),
      alone: false,
    };
    this.#joining?.meeting.stop.stop();
    this.#joining = visit;
    try {
      const { id, entry } = await api.joinPortal(token);
      if (visit.meeting.stop.stopped) return;
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
    const visit = this.#visit;
    this.#joining?.meeting.stop.stop();
    this.#joining = undefined;
    if (visit?.id === undefined || visit.meeting.stop.stopped) return;
    visit.meeting.end(visit.id);
  }

  async #meet(id: string, visit: Visit): Promise<void> {
    if ((await visit.meeting.run(id)) === 'left') return;
    visit.alone = true;
    if (!this.isUnderWay) this.#init.onOver?.();
  }
}
