import type { ChipDriver, ChipName } from '../chip/contract.ts';
import { D1, zoneOf } from '../chip/cpu/dialects.ts';
import { MAIN_SIZE } from '../chip/sle4442/constants.ts';
import { Sle4442Driver } from '../chip/sle4442/driver.ts';
import type { Span } from '../transcript/hidden.ts';

/** A run of a card's memory that a dump shows. */
export interface ZoneShape {
  /** The driver's word for it, and where in the driver's zone it starts. */
  readonly zone: string;
  readonly length: number;
  readonly access: Access;
  /** Bytes that are never shown. They are not read where all of the zone is secret. */
  readonly secret?: readonly Span[];
}

/** What a write needs: a code, authentication and MAC, nothing, the issuer's keys; or the bytes are codes themselves. */
export type Access = 'code' | 'mac' | 'plain' | 'issuer' | 'hidden';

/** How a chip describes itself to `identify` and `dump`. */
export interface ChipShape {
  readonly zones: readonly ZoneShape[];
  /** Its codes: the driver's number and the data sheet's name. */
  readonly codes: readonly { readonly key: number; readonly name: string }[];
  /** Bytes that can never change again, by zone. */
  readonly protection?: (driver: ChipDriver) => Promise<Readonly<Record<string, readonly Span[]>>>;
  /** What is known to be there and is not read, since it holds codes: name and bytes. */
  readonly unread?: readonly { readonly zone: string; readonly length: number }[];
}

const SLE4442: ChipShape = {
  zones: [{ zone: 'main', length: MAIN_SIZE, access: 'code' }],
  codes: [{ key: 0, name: 'PSC' }],
  unread: [{ zone: 'security', length: 4 }],
  async protection(driver) {
    if (!(driver instanceof Sle4442Driver)) return {};
    return { main: closedSpans(await driver.readProtection()) };
  },
};

const CPU_ACCESS = { mac: 'mac', plain: 'plain', never: 'issuer' } as const;

const CPU: ChipShape = {
  zones: D1.files.map((file) => ({
    zone: zoneOf(file),
    length: file.length,
    access: CPU_ACCESS[file.update],
  })),
  codes: [],
};

/** By chip; one that is missing is identified but not dumped. */
export const CHIP_SHAPES: Partial<Record<ChipName, ChipShape>> = { SLE4442, CPU };

/** Runs of 0 bits, bit n of byte m standing for address 8·m + n. */
export function closedSpans(bits: Uint8Array): Span[] {
  const spans: Span[] = [];
  for (let address = 0; address < bits.length * 8; address++) {
    if ((((bits[address >> 3] ?? 0) >> (address & 7)) & 1) === 1) continue;
    const last = spans.at(-1);
    if (last?.end === address) spans[spans.length - 1] = { start: last.start, end: address + 1 };
    else spans.push({ start: address, end: address + 1 });
  }
  return spans;
}
