/**
 * The commands that electricity cards answer, both ways: drivers and grids build them, the simulated card and
 * the plan check take them apart. ISO/IEC 7816-4 and the FMCOS 2.0 manual.
 */

export const INS = {
  /** VERIFY of a cardholder's code: never sent. */
  verify: 0x20,
  externalAuth: 0x82,
  getChallenge: 0x84,
  internalAuth: 0x88,
  select: 0xa4,
  readBinary: 0xb0,
  readRecord: 0xb2,
  getResponse: 0xc0,
  updateBinary: 0xd6,
  updateRecord: 0xdc,
} as const;

/** P1 with this bit carries a short file identifier in its low five bits. */
const SFI_FLAG = 0x80;
/** Low bits of P2 in record commands: P1 is the number of the record. */
const BY_NUMBER = 0x04;

/** SELECT by file identifier. */
export function select(fileId: number): Uint8Array {
  return Uint8Array.of(0x00, INS.select, 0x00, 0x00, 0x02, fileId >> 8, fileId & 0xff);
}

export function readBinary(sfi: number, offset: number, length: number): Uint8Array {
  return Uint8Array.of(0x00, INS.readBinary, SFI_FLAG | sfi, offset, length & 0xff);
}

/** READ BINARY of the file that was read last, by a long offset of 15 bits: beyond what P2 alone can name. */
export function readCurrentBinary(offset: number, length: number): Uint8Array {
  return Uint8Array.of(0x00, INS.readBinary, (offset >> 8) & 0x7f, offset & 0xff, length & 0xff);
}

/**
 * READ BINARY with MAC, as meters and test benches send it: the host's random of 4 and five bytes of header. The
 * card answers with the data and a MAC of 4 over that header and the data, ready to be passed on as it is; `header`
 * is of the command that will carry them, Le counts both (public test bench, `04 B0 82 00 09 … 84 32 01 14 0C`).
 */
export function macedReadBinary(target: UpdateTarget, random: Uint8Array, header: Uint8Array): Uint8Array {
  const data = new Uint8Array(random.length + header.length);
  data.set(random);
  data.set(header, random.length);
  return withData([0x04, INS.readBinary, SFI_FLAG | target.sfi, target.offset], data);
}

/** READ RECORD by number, 1–254, of a file named by its short identifier. */
export function readRecord(sfi: number, record: number, length: number): Uint8Array {
  return Uint8Array.of(0x00, INS.readRecord, record, recordP2(sfi), length & 0xff);
}

/** UPDATE RECORD without MAC: the whole record. */
export function updateRecord(sfi: number, record: number, data: Uint8Array): Uint8Array {
  return withData([0x00, INS.updateRecord, record, recordP2(sfi)], data);
}

/** GET CHALLENGE of 4 or 8 bytes. */
export function getChallenge(length: 4 | 8): Uint8Array {
  return Uint8Array.of(0x00, INS.getChallenge, 0x00, 0x00, length);
}

/** INTERNAL AUTHENTICATE over a random of 8 bytes; the card answers with 8. */
export function internalAuthenticate(keyId: number, random: Uint8Array): Uint8Array {
  return withData([0x00, INS.internalAuth, 0x00, keyId], random);
}

/** EXTERNAL AUTHENTICATE with the blob for the last challenge of 8 bytes. */
export function externalAuthenticate(keyId: number, blob: Uint8Array): Uint8Array {
  return withData([0x00, INS.externalAuth, 0x00, keyId], blob);
}

/**
 * EXTERNAL AUTHENTICATE without data asks for the tries left: 63 Cx (ISO/IEC 7816-4 §11.5.4). Only for cards that are
 * known to do it: see `CpuDialect.tellsTries`.
 */
export function askExternalTries(keyId: number): Uint8Array {
  return Uint8Array.of(0x00, INS.externalAuth, 0x00, keyId);
}

/** Where an update goes. */
export interface UpdateTarget {
  readonly sfi: number;
  readonly offset: number;
}

/** UPDATE BINARY without MAC. */
export function updateBinary(target: UpdateTarget, data: Uint8Array): Uint8Array {
  return withData([0x00, INS.updateBinary, SFI_FLAG | target.sfi, target.offset], data);
}

/** Of every dialect that is known. */
const MAC_LENGTH = 4;

/** The five header bytes of UPDATE BINARY with MAC, which the MAC covers; Lc counts data and MAC. */
export function macedUpdateHeader(
  target: UpdateTarget,
  dataLength: number,
  macLength = MAC_LENGTH,
): Uint8Array {
  return Uint8Array.of(0x04, INS.updateBinary, SFI_FLAG | target.sfi, target.offset, dataLength + macLength);
}

/** UPDATE BINARY with MAC: header, data, MAC. */
export function macedUpdateBinary(target: UpdateTarget, data: Uint8Array, mac: Uint8Array): Uint8Array {
  const apdu = new Uint8Array(5 + data.length + mac.length);
  apdu.set(macedUpdateHeader(target, data.length, mac.length));
  apdu.set(data, 5);
  apdu.set(mac, 5 + data.length);
  return apdu;
}

/** The short file identifier that P1 carries, or undefined where P1 is an offset's high byte. */
export function sfiOf(p1: number): number | undefined {
  return (p1 & SFI_FLAG) !== 0 && (p1 & 0x60) === 0 ? p1 & 0x1f : undefined;
}

/** The short file identifier in P2 of the record commands, or undefined where P2 names a record otherwise. */
export function sfiOfRecord(p2: number): number | undefined {
  return (p2 & 0x07) === BY_NUMBER && p2 >> 3 !== 0 ? p2 >> 3 : undefined;
}

/** P2 of record commands: short file identifier, and "the record of this number". */
function recordP2(sfi: number): number {
  return (sfi << 3) | BY_NUMBER;
}

function withData(header: readonly number[], data: Uint8Array): Uint8Array {
  const apdu = new Uint8Array(5 + data.length);
  apdu.set([...header, data.length]);
  apdu.set(data, 5);
  return apdu;
}
