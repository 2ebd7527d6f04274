/**
 * File systems of electricity CPU cards, as data. Several are in the field and no public document fixes one, so
 * a card's layout is never in code: another province's cards are another entry here.
 */

/** The directories that zones name: `mf:19` is SFI 19h under the MF, `df01:02` SFI 02h under DF01. */
export type Directory = 'mf' | 'df01';

export interface CpuFile {
  readonly directory: Directory;
  /** Short file identifier, 1–30. */
  readonly sfi: number;
  /** Bytes. */
  readonly length: number;
  /** `mac`: by 04 D6 after external authentication; `plain`: by 00 D6; `never`: the issuer's alone. */
  readonly update: 'mac' | 'plain' | 'never';
}

export interface CpuDialect {
  readonly id: string;
  readonly directories: Readonly<Record<Directory, number>>;
  readonly files: readonly CpuFile[];
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
    /** `session`: a challenge stays the initial vector of every update until the next one or a reset. */
    readonly challengeServes: 'session';
  };
}

/**
 * The dialect of a public NFC reader in Java: serial at MF SFI 19h offset 1; DF01 holds parameters, purse, two
 * tariff files (read in 128 + 130 bytes) and the return file; one challenge of 4 bytes serves all MACed writes.
 * Command set: FMCOS 2.0 manual.
 */
export const D1: CpuDialect = {
  id: 'D1',
  directories: { mf: 0x3f00, df01: 0xdf01 },
  files: [
    { directory: 'mf', sfi: 0x01, length: 39, update: 'plain' },
    { directory: 'mf', sfi: 0x19, length: 9, update: 'never' },
    { directory: 'df01', sfi: 0x01, length: 45, update: 'mac' },
    { directory: 'df01', sfi: 0x02, length: 8, update: 'mac' },
    { directory: 'df01', sfi: 0x03, length: 258, update: 'mac' },
    { directory: 'df01', sfi: 0x04, length: 258, update: 'mac' },
    { directory: 'df01', sfi: 0x05, length: 49, update: 'mac' },
  ],
  maxRead: 130,
  maxUpdate: 130,
  keys: { internal: 1, external: 2 },
  mac: { cla: 0x04, length: 4, challengeLength: 4, challengeServes: 'session' },
};

/** The file that a zone names in a dialect, or undefined. */
export function fileOf(dialect: CpuDialect, zone: string): CpuFile | undefined {
  const match = /^(mf|df01):([0-9a-f]{2})$/.exec(zone);
  if (match === null) return undefined;
  const sfi = parseInt(match[2] ?? '', 16);
  return dialect.files.find((file) => file.directory === match[1] && file.sfi === sfi);
}

/** The zone that names a file: `df01:02`. */
export function zoneOf(file: Pick<CpuFile, 'directory' | 'sfi'>): string {
  return `${file.directory}:${file.sfi.toString(16).padStart(2, '0')}`;
}
