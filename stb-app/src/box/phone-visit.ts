import type { Clock } from '@bianmin/card/clock';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { PortalCommand, PortalView } from '@bianmin/purchase/api/portal';
import { amountFits } from '@bianmin/purchase/api/amount-fits';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import { Meeting } from './meeting.ts';
import { phoneView } from './phone-view.ts';

/** The code is gone from the screen before the server refuses it (five minutes). */
export const CODE_SHOWN_MS = 270_000;
/** A phone that pays is in its wallet meanwhile, or locked: it may come back for so long, ms. */
export const PHONE_ALONE_MS = 600_000;

/** Null: no phone is beside the television, and none is awaited. */
export type PhoneState =
  | { readonly is: 'opening' }
  | { readonly is: 'failed' }
  | { readonly is: 'code'; readonly url: string }
  /** It scanned, and is to choose; `lost`: it has not been heard of for a while. */
  | { readonly is: 'here' | 'lost' }
  /** The remote says whether this amount is right: the phone orders nothing. */
  | { readonly is: 'chosen'; readonly faceFen: number };

export interface PhoneVisitInit {
  readonly api: Pick<ApiClient, 'openPhoneVisit' | 'syncPortal'>;
  readonly clock: Clock;
  readonly onState: (state: PhoneState | null) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

interface Visit {
  readonly meeting: Meeting;
  /** Absent until the server gave it. */
  id?: string;
  joined: boolean;
}

/** Before an amount is asked for, and after a purchase: nothing of it is a visiting phone's. */
const OVER: ReadonlySet<PurchaseView['screen']> = new Set([
  ...(['wait', 'customer-no', 'proof', 'recalling', 'who', 'resume'] as const),
]);

/**
 * The phone as a second screen (docs/portal.md): it scans the television, chooses an amount that the remote confirms, and
 * sees what becomes of it. The television needs nothing of it: whatever happens to the phone, its own screens go on.
 */
export class PhoneVisit {
  readonly #init: PhoneVisitInit;
  #view: PurchaseView | undefined;
  #shown: PortalView | undefined;
  #state: PhoneState | null = null;
  #visit: Visit | undefined;

  constructor(init: PhoneVisitInit) {
    this.#init = init;
  }

  get state(): PhoneState | null {
    return this.#state;
  }

  /** What is on the television now. */
  show(view: PurchaseView): void {
    if (OVER.has(view.screen)) {
      // The phone keeps what it saw last: how the purchase ended.
      this.leave();
      this.#view = undefined;
      this.#shown = undefined;
      return;
    }
    // On the way from one screen to the next; the phone stays with what it shows.
    if (view.screen === 'reading') return;
    const isSame = bare(view) === bare(this.#view);
    this.#view = view;
    // Whether anybody is here is asked of the remote: the phone keeps its screen, and what it chose.
    if (isSame) return;
    if (this.#state?.is === 'chosen') this.#to({ is: 'here' });
    else this.#shown = phoneView(view, null);
  }

  /** Has a code made for a phone, in place of any before. */
  async open(): Promise<void> {
    this.leave();
    const { api, onFault } = this.#init;
    const visit: Visit = {
      meeting: new Meeting({
        ...this.#init,
        view: () => this.#shown,
        command: (command) => {
          this.#take(command);
        },
        followed: (now) => {
          this.#hear(visit, now);
        },
        aloneMs: () => (visit.joined ? PHONE_ALONE_MS : CODE_SHOWN_MS),
      }),
      joined: false,
    };
    this.#visit = visit;
    this.#to({ is: 'opening' });
    try {
      const { id, url } = await api.openPhoneVisit();
      if (this.#visit !== visit) return;
      visit.id = id;
      this.#to({ is: 'code', url });
      await visit.meeting.run(id);
      if (this.#visit === visit) this.leave();
    } catch (error) {
      onFault('phone', error);
      if (this.#visit === visit) this.#to({ is: 'failed' });
    }
  }

  /** The amount that the phone chose is not right: it may choose another. */
  decline(): void {
    if (this.#state?.is === 'chosen') this.#to({ is: 'here' });
  }

  /** The television goes on without the phone, which is told so. */
  leave(): void {
    const visit = this.#visit;
    if (visit === undefined) return;
    this.#visit = undefined;
    const { id, meeting } = visit;
    if (id !== undefined && !meeting.stop.stopped) meeting.end(id, this.#shown);
    this.#to(null);
  }

  #take(command: PortalCommand): void {
    const view = this.#view;
    if (command.type !== 'choose-amount' || view?.screen !== 'amount' || view.busyFen !== null) return;
    const { faceFen } = command;
    if (amountFits(view.limits, faceFen)) this.#to({ is: 'chosen', faceFen });
  }

  #hear(visit: Visit, followed: boolean): void {
    visit.joined = visit.joined || followed;
    const is = this.#state?.is;
    if (followed && (is === 'code' || is === 'lost')) this.#to({ is: 'here' });
    if (!followed && is === 'here') this.#to({ is: 'lost' });
  }

  #to(state: PhoneState | null): void {
    this.#state = state;
    if (this.#view !== undefined) {
      this.#shown = phoneView(this.#view, state?.is === 'chosen' ? state.faceFen : null);
    }
    this.#init.onState(state);
  }
}

function bare(view: PurchaseView | undefined): string {
  return JSON.stringify({ ...view, asking: undefined });
}
