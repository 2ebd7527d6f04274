/**
 * The commands that electricity cards answer, both ways: drivers and grids build them, the simulated card and
 * the plan check take them apart. ISO/IEC 7816-4 and the FMCOS 2.0 manual.
 */

export const INS = {
  externalAuth: 0x82,
  getChallenge: 0x84,
  internalAuth: 0x88,
  select: 0xa4,
  readBinary: 0xb0,
  getResponse: 0xc0,
  updateBinary: 0xd6,
} as const;

/** P1 with this bit carries a short file identifier in its low five bits. */
const SFI_FLAG = 0x80;

/** A command APDU taken apart: short lengths only. */
export interface Apdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** Bytes wanted, 256 for Le 00; undefined where no Le was sent. */
  readonly le: number | undefined;
}

/** Takes a short APDU apart, or gives undefined where its lengths do not agree. */
export function parseApdu(bytes: Uint8Array): Apdu | undefined {
  const [cla, ins, p1, p2, p3] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const head = { cla, ins, p1, p2 };
  if (p3 === undefined) return { ...head, data: new Uint8Array(), le: undefined };
  if (bytes.length === 5) return { ...head, data: new Uint8Array(), le: p3 === 0 ? 256 : p3 };
  if (p3 === 0) return undefined;
  const data = bytes.slice(5, 5 + p3);
  if (data.length !== p3) return undefined;
  const le = bytes[5 + p3];
  if (bytes.length > 6 + p3) return undefined;
  return { ...head, data, le: le === 0 ? 256 : le };
}

/** SELECT by file identifier. */
export function select(fileId: number): Uint8Array {
  return Uint8Array.of(0x00, INS.select, 0x00, 0x00, 0x02, fileId >> 8, fileId & 0xff);
}

export function readBinary(sfi: number, offset: number, length: number): Uint8Array {
  return Uint8Array.of(0x00, INS.readBinary, SFI_FLAG | sfi, offset, length & 0xff);
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

/** Where an update goes. */
export interface UpdateTarget {
  readonly sfi: number;
  readonly offset: number;
}

/** UPDATE BINARY without MAC. */
export function updateBinary(target: UpdateTarget, data: Uint8Array): Uint8Array {
  return withData([0x00, INS.updateBinary, SFI_FLAG | target.sfi, target.offset], data);
}

/** The five header bytes of UPDATE BINARY with MAC, which the MAC covers; Lc counts data and MAC. */
export function macedUpdateHeader(target: UpdateTarget, dataLength: number): Uint8Array {
  return Uint8Array.of(0x04, INS.updateBinary, SFI_FLAG | target.sfi, target.offset, dataLength + 4);
}

/** UPDATE BINARY with MAC: header, data, 4 bytes of MAC. */
export function macedUpdateBinary(target: UpdateTarget, data: Uint8Array, mac: Uint8Array): Uint8Array {
  const apdu = new Uint8Array(5 + data.length + mac.length);
  apdu.set(macedUpdateHeader(target, data.length));
  apdu.set(data, 5);
  apdu.set(mac, 5 + data.length);
  return apdu;
}

/** The short file identifier that P1 carries, or undefined where P1 is an offset's high byte. */
export function sfiOf(p1: number): number | undefined {
  return (p1 & SFI_FLAG) !== 0 && (p1 & 0x60) === 0 ? p1 & 0x1f : undefined;
}

function withData(header: readonly number[], data: Uint8Array): Uint8Array {
  const apdu = new Uint8Array(5 + data.length);
  apdu.set([...header, data.length]);
  apdu.set(data, 5);
  return apdu;
}
