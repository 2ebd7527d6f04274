import type { CounterOrdersRequest, CounterSession } from '@bianmin/purchase/api/counter';
import type { HandOutRequest, HandOutView } from '@bianmin/purchase/api/hand-out';
import type { CloseShiftRequest } from '@bianmin/purchase/api/shift';

/** Whether staff are at the screen, as the host knows it. */
export type StaffView =
  | {
      readonly state: 'out';
      /** No resident is being served: staff may say who they are. */
      readonly mayEnter: boolean;
    }
  | {
      readonly state: 'in';
      /** They stepped aside: the screen is residents', and their PIN alone brings them back. */
      readonly at: 'aside';
      /** No resident is being served: they may come back. */
      readonly mayEnter: boolean;
      /** The name that they sign in with. */
      readonly staff: string;
    }
  | {
      readonly state: 'in';
      readonly at: 'desk';
      /** A purchase has the screen, which they help with; what they were at comes back after it. */
      readonly covered: boolean;
      readonly staff: string;
      readonly may: CounterSession['may'];
      readonly orders: CounterSession['orders'];
      /** Whose card is about to be put in. */
      readonly expecting: string | null;
      /** As it was known last; null where they take no cash here, or once it is closed. */
      readonly shift: CounterSession['shift'];
      readonly pinAfterMs: number;
      readonly pinAboveFen: number;
    };

/** Staff at their desk. */
export type DeskView = Extract<StaffView, { readonly at: 'desk' }>;

export interface StaffEntry {
  readonly staff: string;
  readonly pin: string;
}

export type StaffOrdersQuery = Pick<CounterOrdersRequest, 'list' | 'key' | 'after'>;

export type StaffHandOut = Omit<HandOutRequest, 'ticket'>;

export type StaffClose = Omit<CloseShiftRequest, 'ticket'>;

/** `before`: this cash was handed out already, on another slip. */
export interface HandOutAnswer {
  readonly is: 'written' | 'before';
  readonly handOut: HandOutView;
}

/** Why staff have no answer. */
export type StaffFault =
  | 'away' // the server does not answer
  | 'bad-pin'
  | 'locked' // too many wrong PINs
  | 'not-allowed' // not this person, or not here
  | 'ended' // number and PIN are needed again
  | 'pin-needed' // the PIN is needed again
  | 'no-shift' // none is open, or it is closed
  | 'no-float' // no cash is taken at this terminal
  | 'not-found'
  | 'nothing-owed' // no cash waits for this refund
  | 'slip-used' // by another refund of this committee
  | 'failed';

export type StaffAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly fault: StaffFault;
      /** Of `locked`: for how long, in minutes, where it is said. */
      readonly waitMinutes?: number;
    };
