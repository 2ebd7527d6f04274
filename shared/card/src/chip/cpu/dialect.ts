import type { Region } from '../region.ts';

/**
 * File systems of electricity CPU cards, as data. Several are in the field and no public document fixes one, so
 * a card's layout is never in code: another province's cards are another entry here. What no public text fixes is
 * in `unconfirmed`, each with the reason for the value that stands here.
 */

/** The directories that zones name: `mf:19` is SFI 19h under the MF, `df01:02` SFI 02h under DF01. */
export type Directory = 'mf' | 'df01';

/** What a file is for. `control` is an encrypted command for the meter's relay. */
export type FileRole =
  'serial' | 'public' | 'parameters' | 'purse' | 'tariff-current' | 'tariff-spare' | 'control' | 'return';

export interface CpuFile {
  readonly directory: Directory;
  /** Short file identifier, 1–30. */
  readonly sfi: number;
  /** Bytes. */
  readonly length: number;
  /** `mac`: by 04 D6 after external authentication; `plain`: by 00 D6; `never`: the issuer's alone. */
  readonly update: 'mac' | 'plain' | 'never';
  readonly role: FileRole;
  /** Lengths of the pieces in which the source reads and writes it, where not whole. */
  readonly pieces?: readonly number[];
  /** Files of records: how many of how many bytes; `length` is their sum. Absent: one run of bytes. */
  readonly records?: { readonly count: number; readonly length: number };
}

/** Fields that drivers and grids look for; all other bytes are the grid's business. */
export interface CpuFields {
  /** Parameter file. */
  readonly updateFlags: Region;
  readonly meterNo: Region;
  readonly customerNo: Region;
  readonly cardType: Region;
  /** Purse: amount in fen and count of purchases, four bytes each, big-endian. */
  readonly amount: Region;
  readonly count: Region;
  /** Return file: what the meter last counted, and which meter it was. */
  readonly returnedCount: Region;
  readonly returnedMeterNo: Region;
}

/** What driving a card needs to know of it. */
export interface CpuDialect {
  readonly id: string;
  readonly directories: Readonly<Record<Directory, number>>;
  readonly files: readonly CpuFile[];
  /** Where the 8 bytes of the serial stand: in a file, or in the answer to reset. */
  readonly serial:
    | { readonly in: 'file'; readonly region: Region }
    | { readonly in: 'atr'; readonly offset: number; readonly length: number };
  /** Most bytes of one READ BINARY. */
  readonly maxRead: number;
  /** Most bytes of one UPDATE BINARY, without the MAC. */
  readonly maxUpdate: number;
  /** Key numbers (P2). */
  readonly keys: { readonly internal: number; readonly external: number };
  /** Secure messaging of updates: class byte, lengths, and how many commands one challenge serves. */
  readonly mac: {
    readonly cla: number;
    readonly length: number;
    readonly challengeLength: number;
    /**
     * `session`: a challenge stays the initial vector of every update until the next one or a reset.
     * `command`: the source takes a new one before each.
     */
    readonly challengeServes: 'session' | 'command';
  };
  /** Fewest tries that the external key of such a card has when none is lost. */
  readonly leastTries: number;
  /** Whether EXTERNAL AUTHENTICATE without data tells the tries left (ISO/IEC 7816-4 §11.5.4) and burns none. */
  readonly tellsTries: boolean;
}

/** A dialect with what its source says of it beyond what driving its cards needs. */
export interface DescribedDialect extends CpuDialect {
  readonly source: string;
  readonly fields: CpuFields;
  /** The order in which the source writes. Ours is another one: see `SAFE_ORDER`. */
  readonly sourceOrder: readonly FileRole[];
  /** When the meter takes a return file for empty; a vending write must leave it so. */
  readonly returnBlank: 'uniform' | 'head';
  /** Values above that no public text fixes, and why they are as they are. */
  readonly unconfirmed: readonly string[];
}

/** The file that a zone names in a dialect, or undefined. */
export function fileOf(dialect: CpuDialect, zone: string): CpuFile | undefined {
  const match = /^(mf|df01):([0-9a-f]{2})$/.exec(zone);
  if (match === null) return undefined;
  const sfi = parseInt(match[2] ?? '', 16);
  return dialect.files.find(({ directory, sfi: own }) => directory === match[1] && own === sfi);
}

/** The zone that names a file: `df01:02`. */
export function zoneOf(named: Pick<CpuFile, 'directory' | 'sfi'>): string {
  return `${named.directory}:${named.sfi.toString(16).padStart(2, '0')}`;
}

/** The file of a role in a dialect, or undefined where it has none. */
export function fileFor(dialect: CpuDialect, role: FileRole): CpuFile | undefined {
  return dialect.files.find((one) => one.role === role);
}
