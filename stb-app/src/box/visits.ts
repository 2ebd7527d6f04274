import type { Clock } from '@bianmin/card/clock';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { PortalEntry } from '@bianmin/purchase/api/portal';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import { PhoneVisit, type PhoneState } from './phone-visit.ts';
import { PortalVisit } from './portal-visit.ts';

export interface VisitsInit {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The purchase, as far as those who visit it know it. */
interface VisitedPurchase {
  readonly view: PurchaseView;
  onView(listener: (view: PurchaseView) => void): unknown;
  command(command: PurchaseCommand): void;
}

/** Who else looks at the purchase: the portal's page that started the app, and a phone as a second screen. */
export class Visits {
  readonly phone: PhoneVisit;
  readonly #portal: PortalVisit;
  readonly #unvisited: (() => void)[] = [];
  readonly #phoneEars: ((state: PhoneState | null) => void)[] = [];
  #purchase: VisitedPurchase | undefined;

  constructor(init: VisitsInit) {
    const { api, clock, onFault } = init;
    this.#portal = new PortalVisit({
      api,
      clock,
      onFault,
      command: (command) => this.#purchase?.command(command),
      onOver: () => {
        this.#tellUnvisited();
      },
    });
    this.phone = new PhoneVisit({
      api,
      clock,
      onFault,
      onState: (state) => {
        this.#tellPhone(state);
      },
    });
  }

  /** Where the family came from, once the portal's visit was joined. */
  get entry(): PortalEntry | undefined {
    return this.#portal.entry;
  }

  /** Whether a portal's page follows, or may in a moment. */
  get isUnderWay(): boolean {
    return this.#portal.isUnderWay;
  }

  /** They see this purchase from now on, and their commands are for it. */
  show(purchase: VisitedPurchase): void {
    this.#purchase = purchase;
    this.#portal.show(purchase.view);
    purchase.onView((view) => {
      this.#portal.show(view);
      this.phone.show(view);
    });
  }

  /** The visit of this token; without one there is no visit, unless one is under way. */
  async join(token: string | undefined): Promise<void> {
    if (token !== undefined) await this.#portal.join(token);
    else if (!this.isUnderWay) this.#tellUnvisited();
  }

  /** A portal's visit is over, or could not be joined, or none was asked for. */
  onUnvisited(listener: () => void): void {
    this.#unvisited.push(listener);
  }

  onPhone(listener: (state: PhoneState | null) => void): void {
    this.#phoneEars.push(listener);
  }

  leave(): void {
    this.#portal.leave();
    this.phone.leave();
  }

  #tellUnvisited(): void {
    for (const tell of this.#unvisited) tell();
  }

  #tellPhone(state: PhoneState | null): void {
    // A household that chooses on the phone is here.
    if (state?.is === 'chosen' && this.#purchase?.view.asking !== undefined) {
      this.#purchase.command({ type: 'stay' });
    }
    for (const tell of this.#phoneEars) tell(state);
  }
}
