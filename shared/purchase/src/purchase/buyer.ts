import type { IdentifyResponse } from '../api/card.ts';
import type { RemoteCustomer } from '../api/remote.ts';
import type { Household } from './view/household.ts';

/** Whether this household buys without a card. */
export function isHome(buyer: Buyer): buyer is KnownHome | BoundHome {
  return !('cardSession' in buyer);
}

/** Whether its own box keeps this household. */
export function isBound(buyer: Buyer): buyer is BoundHome {
  return 'homeId' in buyer;
}

/** Whether its card is needed no more: the household buys into an account. */
export function needsNoCard({ household }: Buyer): boolean {
  return household.isAccount === true;
}

/** A card that the grid knows, in its slot. */
export interface KnownCard {
  readonly slot: string;
  readonly serial: string;
  readonly household: Household;
  readonly limits: IdentifyResponse['limits'];
  readonly cardSession: string;
}

/** A household that buys without its card. */
export interface KnownHome {
  readonly customerNo: string;
  /** What its phone showed; used up by an order. */
  readonly proof: string;
  readonly household: Household;
  readonly limits: RemoteCustomer['limits'];
}

/** A household that its own box keeps: it buys by the box's name for it, without number and digits. */
export interface BoundHome {
  readonly homeId: string;
  readonly household: Household;
  readonly limits: RemoteCustomer['limits'];
}

/** Who buys: a card in its slot, or a household without one, for which `slot` is null in every phase. */
export type Buyer = KnownCard | KnownHome | BoundHome;
