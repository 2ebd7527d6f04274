import type { ChipName } from '@bianmin/card/chip/contract';
import type { AdminPrincipal } from '../../access/sessions.ts';

/**
 * One replacement card (补卡). `requested` → `approved` by a second person → `released` to its terminal, with the grid's
 * card already the new one → `written` | `failed`, the terminal's words; a failed one is released again.
 */
export interface Replacement {
  /** The request number: 18 digits, as an order's. The grid, the terminal's journal and the claim know it by this. */
  readonly _id: string;
  readonly version: number;
  readonly status: 'requested' | 'approved' | 'released' | 'written' | 'failed';
  readonly terminalId: string;
  /** Of its terminal; absent in old ones: the province's. */
  readonly orgPath?: readonly string[];
  /** Clear in memory only: the store seals it. */
  readonly customerNo: string;
  readonly masked: { readonly name: string; readonly address: string; readonly customerNo: string };
  readonly meterNo: string;
  readonly reason: string;
  readonly requestedBy: { readonly id: string; readonly name: string };
  readonly approvedBy?: { readonly id: string; readonly name: string };
  /** The blank card, from the first release on: one request is for one card. Hex, 16 digits. */
  readonly serial?: string;
  /** Its chip, and the `imageDigest` that the newest plan was made for. */
  readonly chip?: ChipName;
  readonly releasedDigest?: string;
  readonly formerSerial?: string;
  readonly count?: number;
  readonly openOrderNo?: string;
  /** The open order's lease that goes with this one. */
  readonly orderLease?: number;
  readonly lease?: number;
  readonly leaseUntil?: Date;
  /** What the terminal claimed. */
  readonly imageDigest?: string;
  readonly failure?: string;
  /** Tries of the card's code or key, as the card itself said last. */
  readonly triesLeft?: number;
  /** While the grid has not been told that it is written. */
  readonly unconfirmed?: true;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Until when it must have been allowed and begun. */
  readonly expiresAt: Date;
}

/** The household's person stands at the counter: a shift is enough. */
export const REPLACEMENT_TTL_MS = 8 * 3_600_000;

export function personOf(principal: AdminPrincipal): { id: string; name: string } {
  return { id: principal.userId, name: principal.name };
}
