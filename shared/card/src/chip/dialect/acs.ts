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
  at88sc102: 0x09,
  /** Of one vendor's clone of these readers; unconfirmed. */
  at88sc1604: 0x0a,
} as const;
export type AcsCardType = (typeof ACS_CARD_TYPE)[keyof typeof ACS_CARD_TYPE];

/**
 * What follows P2: `length` a single byte that says how many bytes to give (Le), `data` Lc and its bytes, `empty` an
 * Lc of 00. Two commands may have one `ins` when their bodies tell them apart.
 */
export interface AcsShape {
  readonly ins: number;
  readonly body: 'length' | 'data' | 'empty';
}
export type AcsTable = Readonly<Record<string, AcsShape>>;

/** Takes the card's type and powers the card anew; the first command of every table. */
export const ACS_SELECT_TYPE = { ins: 0xa4, body: 'data' } as const satisfies AcsShape;

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
  if (shape.body === 'empty') {
    if (command.length !== undefined || command.data !== undefined)
      throw malformed(`${command.name} takes nothing`);
    return Uint8Array.of(CLA, shape.ins, command.p1, command.p2, 0);
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
    const body = bodyOf(shape, apdu, p3);
    if (body !== undefined) return { name, p1, p2, ...body };
  }
  return undefined;
}

/** The body of an APDU by one shape, or undefined where it has another. */
function bodyOf(
  { body }: AcsShape,
  apdu: Uint8Array,
  p3: number,
): Pick<AcsCommand, 'length' | 'data'> | undefined {
  switch (body) {
    case 'length':
      return apdu.length === 5 && p3 > 0 ? { length: p3 } : undefined;
    case 'data':
      return apdu.length === 5 + p3 && p3 > 0 ? { data: apdu.slice(5) } : undefined;
    case 'empty':
      return apdu.length === 5 && p3 === 0 ? {} : undefined;
  }
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
