import type { ChipDriver } from '../chip/contract.ts';
import type { Span } from '../transcript/hidden.ts';

/** What a write needs: a code, authentication and MAC, nothing, the issuer's keys; or nothing may; or it is all codes. */
export const ACCESSES = ['code', 'mac', 'plain', 'issuer', 'never', 'hidden'] as const;
export type Access = (typeof ACCESSES)[number];

/** A run of a card's memory that a dump shows. */
export interface ZoneShape {
  /** The driver's word for it. */
  readonly zone: string;
  /** Bytes. */
  readonly length: number;
  readonly access: Access;
  /** Bytes that are never shown, from the zone's start. */
  readonly secret?: readonly Span[];
  /** Where the driver does not read it as a region. */
  readonly read?: (driver: ChipDriver) => Promise<Uint8Array>;
}

/** How a chip describes itself to `identify` and `dump`. */
export interface ChipShape {
  /** Which of several layouts the card has. */
  readonly variant?: string;
  readonly zones: readonly ZoneShape[];
  /** Its codes: the driver's number and the data sheet's name. */
  readonly codes: readonly { readonly key: number; readonly name: string }[];
  /** Bytes that can never change again, by zone. */
  readonly protection?: (driver: ChipDriver) => Promise<Readonly<Record<string, readonly Span[]>>>;
  /** What is there and is never read, since it holds codes. */
  readonly unread?: readonly { readonly zone: string; readonly length: number }[];
}

/** Runs of true. */
export function spansWhere(flags: readonly boolean[]): Span[] {
  const spans: Span[] = [];
  flags.forEach((flag, address) => {
    if (!flag) return;
    const last = spans.at(-1);
    if (last?.end === address) spans[spans.length - 1] = { start: last.start, end: address + 1 };
    else spans.push({ start: address, end: address + 1 });
  });
  return spans;
}
