import type { MeterShown } from '../../api/meter-shown.ts';
import type { CreditChoice } from '../../api/order.ts';
import type { PayCode } from '../../api/scalars.ts';

export type PurchaseCommand =
  /** On `wait`: buy by customer number. */
  | { readonly type: 'without-card' }
  /** On `wait`: buy for a household that the box keeps. */
  | { readonly type: 'home'; readonly homeId: string }
  | { readonly type: 'customer-no'; readonly customerNo: string }
  | { readonly type: 'proof'; readonly proof: string }
  /** On `credit-failed` and `bring-card`. */
  | { readonly type: 'choose-credit'; readonly choice: CreditChoice }
  | { readonly type: 'confirm-card' }
  | { readonly type: 'choose-amount'; readonly faceFen: number }
  /** On `amount`: a month’s bill, as a whole. */
  | { readonly type: 'choose-bill'; readonly billNo: string }
  | { readonly type: 'choose-channel'; readonly channel: PayCode }
  /** On `pay`: it is to be paid in cash. */
  | { readonly type: 'cash' }
  | { readonly type: 'cash-staff'; readonly staff: string; readonly pin: string }
  /** On `cash-staff` with `pinOnly`. */
  | { readonly type: 'cash-pin'; readonly pin: string }
  /** On `cash-take`: staff have it. */
  | { readonly type: 'cash-taken' }
  /** Back one step; on `pay` closes the order on the channel's evidence. */
  | { readonly type: 'back' }
  /** On `uncredited`. */
  | { readonly type: 'meter-shown'; readonly shown: MeterShown }
  /** On `resume`: finish the paid order. */
  | { readonly type: 'resume' }
  | { readonly type: 'retry' }
  /** Leaves an end screen. */
  | { readonly type: 'finish' }
  /** The household is here: the screen has its time anew. So it has by any other command. */
  | { readonly type: 'stay' };
