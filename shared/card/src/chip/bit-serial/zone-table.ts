import type { ChipName } from '../contract.ts';

/**
 * Everything in which the chips with a bit-serial, counter-addressed memory differ: the AT88SC102, the AT88SC1604
 * and their relatives. One driver and one simulator run on it, so that another layout is a table and no code.
 */
export interface ZoneTable {
  readonly chip: ChipName;
  /** Bytes from the first zone's start to the last one's end. */
  readonly size: number;
  /** What the fabrication zone holds from the factory: the one pattern by which the chip can be told. */
  readonly fabrication: readonly [number, number];
  /** By name; lower case, as data sheets abbreviate: `fz`, `iz`, `sc`, `scac`, `cpz`, `az1`, `ez1`, … */
  readonly zones: Readonly<Record<string, Zone>>;
  readonly codes: readonly ZoneCode[];
  readonly applicationZones: readonly ApplicationZone[];
  /** What one erase pulse raises outside the application zones: a byte, or an aligned word of 16 bits. */
  readonly eraseUnit: 'byte' | 'word';
  /** Addresses in bits. */
  readonly fuses: { readonly manufacturer: number; readonly issuer: number; readonly ec2en?: number };
  /** Which of a reader's command sets drives it. */
  readonly commandSet: BitSerialCommandSet;
  /** What of this table nothing public settles, a sentence each. */
  readonly unconfirmed: readonly string[];
}

export type BitSerialCommandSet = 'at88sc102' | 'at88sc1604';

export interface Zone {
  /** Bytes from the address counter's zero. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** Counts presentations: the first `tries` bits of its zone, 1 is a try that is left. */
export interface Attempts {
  readonly zone: string;
  readonly tries: number;
}

/** A code that the chip compares as it is clocked through. */
export interface ZoneCode {
  /** The chip's own number of it here: 0 is SC, 1 … n the erase keys EZ1 … EZn, then SC1 … SCn where there are. */
  readonly key: number;
  readonly zone: string;
  /** Absent where the chip does not count, so that nothing tells whether the code was right. */
  readonly attempts?: Attempts;
  /** The zone that one erase pulse straight after the right code raises whole. */
  readonly erases?: string;
  /** While the EC2EN fuse is intact, such an erasure needs one bit of this zone as well. */
  readonly erasures?: { readonly zone: string; readonly count: number };
}

export interface ApplicationZone {
  readonly zone: string;
  /** What one erase pulse raises once the issuer's fuse is blown. `zone` can only be erased by its key, whole. */
  readonly erase: 'byte' | 'word' | 'zone';
  /** Keys without which no bit falls. */
  readonly write: readonly number[];
  /** Keys that a rising bit needs besides. */
  readonly raise: readonly number[];
}

/** The first two bits of an application zone say what may be done to it: 1 allows. Masks of its byte 0. */
export const ACCESS_BITS = {
  /** Pn: the zone may be written. */
  write: 0x80,
  /** Rn: the zone may be read before the security code was accepted. */
  read: 0x40,
} as const;

/** A zone by name; undefined where the table has none. */
export function zoneOf({ zones }: ZoneTable, name: string): Zone | undefined {
  return Object.hasOwn(zones, name) ? zones[name] : undefined;
}

/** A zone that the table itself names. `RangeError` for a table that contradicts itself. */
export function ownZone(table: ZoneTable, name: string): Zone {
  const zone = zoneOf(table, name);
  if (zone === undefined) throw new RangeError(`the table of ${table.chip} has no zone ${name}`);
  return zone;
}
