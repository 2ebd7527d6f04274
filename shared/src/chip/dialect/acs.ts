import { ChipError } from '../error.ts';

/**
 * Memory-card pseudo-APDUs of ACS readers (ACR38, ACR38-SAM, ACR1281U and their family), as data: the driver
 * encodes with these tables and the simulated reader decodes with them.
 * Source: ACS "ACR38x (CCID) Reference Manual" and "ACR1281U-C1 Application Programming Interface", chapters on
 * memory cards; card type numbers also R:acshk/acsccid src/acr38cmd.c.
 */

/** Class byte of every pseudo-APDU: never a card's own. */
const CLA = 0xff;

/** Data of SELECT_CARD_TYPE, which must come first after each power-up and powers the card anew. */
export const ACS_CARD_TYPE = {
  auto: 0x00,
  at88sc153: 0x03,
  at88sc1608: 0x04,
  sle4428: 0x05,
  sle4442: 0x06,
} as const;
export type AcsCardType = (typeof ACS_CARD_TYPE)[keyof typeof ACS_CARD_TYPE];

/** What follows P2: `length` a single byte that says how many bytes to give (Le), `data` Lc and its bytes. */
export interface AcsShape {
  readonly ins: number;
  readonly body: 'length' | 'data';
}
export type AcsTable = Readonly<Record<string, AcsShape>>;

/** Commands for card type 06. P1 is 00 everywhere but in `changeCode` and P2 is the byte address. */
export const ACS_SLE4442 = {
  selectType: { ins: 0xa4, body: 'data' },
  /** READ_MEMORY_CARD. Older firmware appends the 4 bytes of protection memory. */
  read: { ins: 0xb0, body: 'length' },
  /** READ_PRESENTATION_ERROR_COUNTER: counter and 3 dummy bytes, Le 04. 07 is full, 00 is locked. */
  readErrorCounter: { ins: 0xb1, body: 'length' },
  /** READ_PROTECTION_BITS: 4 bytes, Le 04; bit n of byte m belongs to address 8·m + n, 1 is open. */
  readProtection: { ins: 0xb2, body: 'length' },
  /** WRITE_MEMORY_CARD. Answers 90 00 whether or not the card took the bytes. */
  write: { ins: 0xd0, body: 'data' },
  /** WRITE_PROTECTION_MEMORY_CARD: the data must equal what is stored; can never be undone. */
  protect: { ins: 0xd1, body: 'data' },
  /** PRESENT_CODE_MEMORY_CARD. **SW 90 07 is success**; any other 90 xx gives the counter after a failure. */
  presentCode: { ins: 0x20, body: 'data' },
  /** CHANGE_CODE_MEMORY_CARD, P2 01. */
  changeCode: { ins: 0xd2, body: 'data' },
} as const satisfies AcsTable;

/** A decoded pseudo-APDU: which entry of the table, its parameters, and its body by shape. */
export interface AcsCommand<Name extends string = string> {
  readonly name: Name;
  readonly p1: number;
  readonly p2: number;
  /** Bytes wanted, for shape `length`. */
  readonly length?: number;
  /** Bytes carried, for shape `data`. */
  readonly data?: Uint8Array;
}

/** Lc and Le are one byte here; Le 00 is not used by these commands. */
export const ACS_MAX_BODY = 0xff;

/** The bytes of a command. `chip.malformed` for a body of the wrong shape or more than 255 bytes. */
export function encodeAcs<T extends AcsTable>(table: T, command: AcsCommand<keyof T & string>): Uint8Array {
  const shape = table[command.name];
  if (shape === undefined) throw malformed(`no command ${command.name} in this table`);
  if (shape.body === 'length') {
    if (command.length === undefined || command.data !== undefined)
      throw malformed(`${command.name} takes a length`);
    return Uint8Array.of(CLA, shape.ins, command.p1, command.p2, byteCount(command.length));
  }
  if (command.data === undefined || command.length !== undefined)
    throw malformed(`${command.name} takes data`);
  const apdu = new Uint8Array(5 + command.data.length);
  apdu.set([CLA, shape.ins, command.p1, command.p2, byteCount(command.data.length)]);
  apdu.set(command.data, 5);
  return apdu;
}

/** What a reader makes of an APDU, or undefined where it is none of the table's commands or has a wrong length. */
export function decodeAcs<T extends AcsTable>(
  table: T,
  apdu: Uint8Array,
): AcsCommand<keyof T & string> | undefined {
  const [cla, ins, p1, p2, p3] = apdu;
  if (cla !== CLA || ins === undefined || p1 === undefined || p2 === undefined || p3 === undefined) {
    return undefined;
  }
  for (const name of Object.keys(table) as (keyof T & string)[]) {
    const shape = table[name];
    if (shape?.ins !== ins) continue;
    if (shape.body === 'length')
      return apdu.length === 5 && p3 > 0 ? { name, p1, p2, length: p3 } : undefined;
    return apdu.length === 5 + p3 && p3 > 0 ? { name, p1, p2, data: apdu.slice(5) } : undefined;
  }
  return undefined;
}

function byteCount(count: number): number {
  if (!Number.isInteger(count) || count < 1 || count > ACS_MAX_BODY) {
    throw malformed(`a pseudo-APDU carries 1 to ${ACS_MAX_BODY} bytes, not ${count}`);
  }
  return count;
}

function malformed(reason: string): ChipError {
  return new ChipError({
    code: 'chip.malformed',
    message: `The command for the reader cannot be built: ${reason}.`,
  });
}
