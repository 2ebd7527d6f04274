import { concatBytes } from '../bytes/compare.ts';

/**
 * What an electricity card, its issuer's encryptor and a meter compute with keys, as pure functions over an
 * injected cipher. Sandbox only: real cards use the utility's own algorithm and keys, which never leave its
 * encryptor (SM1 and its keys are not public).
 *
 * Constructions are the ones of PBOC 2.0 and ISO/IEC 9797-1 that FMCOS-style cards use, with a key of 16 bytes:
 * `K = KL ‖ KR`.
 */

/** A block cipher with blocks of 8 and keys of 16 bytes: two-key triple DES (encrypt KL, decrypt KR, encrypt KL). */
export interface BlockCipher8 {
  encrypt(key: Uint8Array, block: Uint8Array): Uint8Array;
  decrypt(key: Uint8Array, block: Uint8Array): Uint8Array;
}

const BLOCK = 8;
const MAC_LENGTH = 4;

/**
 * A card's own key from an issuer's master key and the card's serial of 8 bytes (PBOC 2.0 key diversification):
 * left half E(master, serial), right half E(master, complement of serial).
 */
export function diversify(cipher: BlockCipher8, masterKey: Uint8Array, serial: Uint8Array): Uint8Array {
  requireLength('serial', serial, BLOCK);
  const complement = serial.map((byte) => byte ^ 0xff);
  return concatBytes(cipher.encrypt(masterKey, serial), cipher.encrypt(masterKey, complement));
}

/** A memory card's security code of `length` bytes: the first bytes of E(master, serial). */
export function deriveCode(
  cipher: BlockCipher8,
  masterKey: Uint8Array,
  serial: Uint8Array,
  length: number,
): Uint8Array {
  requireLength('serial', serial, BLOCK);
  return cipher.encrypt(masterKey, serial).slice(0, length);
}

/** INTERNAL AUTHENTICATE's answer to a random of 8 bytes: E(key, random). */
export function internalAuth(cipher: BlockCipher8, key: Uint8Array, random: Uint8Array): Uint8Array {
  requireLength('random', random, BLOCK);
  return cipher.encrypt(key, random);
}

/** EXTERNAL AUTHENTICATE's blob for the card's challenge of 8 bytes: E(key, challenge). */
export function externalAuth(cipher: BlockCipher8, key: Uint8Array, challenge: Uint8Array): Uint8Array {
  requireLength('challenge', challenge, BLOCK);
  return cipher.encrypt(key, challenge);
}

/** What `updateMac` covers. */
export interface MacedUpdate {
  /** The card's challenge of 4 bytes, first half of the initial vector; its second half is 00 00 00 00. */
  readonly challenge: Uint8Array;
  /** CLA INS P1 P2 Lc as sent: Lc counts the data and the 4 bytes of MAC. */
  readonly header: Uint8Array;
  readonly data: Uint8Array;
}

/** The 4-byte MAC of `04 D6`: retail MAC over header ‖ data, initial vector challenge ‖ 00000000. */
export function updateMac(cipher: BlockCipher8, key: Uint8Array, update: MacedUpdate): Uint8Array {
  requireLength('challenge', update.challenge, 4);
  requireLength('header', update.header, 5);
  const iv = concatBytes(update.challenge, new Uint8Array(4));
  return retailMac(cipher, { key, iv, message: concatBytes(update.header, update.data) }).slice(
    0,
    MAC_LENGTH,
  );
}

/** What the MAC of a memory card's purse covers; numbers as they stand on the card. */
export interface MacedPurse {
  /** 8 bytes. */
  readonly serial: Uint8Array;
  /** 6 bytes, BCD. */
  readonly meterNo: Uint8Array;
  /** 6 bytes, BCD. */
  readonly customerNo: Uint8Array;
  readonly amountFen: number;
  readonly count: number;
}

/**
 * The 4-byte MAC of a memory card's purse: retail MAC with a zero initial vector over
 * serial 8 ‖ meter number 6 ‖ customer number 6 ‖ amount 4 ‖ count 4. Our own choice: how real memory cards
 * protect their purse is not public.
 */
export function purseMac(cipher: BlockCipher8, key: Uint8Array, purse: MacedPurse): Uint8Array {
  const numbers = new Uint8Array(8);
  const view = new DataView(numbers.buffer);
  view.setUint32(0, purse.amountFen);
  view.setUint32(4, purse.count);
  const message = concatBytes(purse.serial, purse.meterNo, purse.customerNo, numbers);
  return retailMac(cipher, { key, iv: new Uint8Array(BLOCK), message }).slice(0, MAC_LENGTH);
}

export interface RetailMacInput {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** 8 bytes. */
  readonly iv: Uint8Array;
  readonly message: Uint8Array;
}

/**
 * ISO/IEC 9797-1 MAC algorithm 3 with padding method 2, all 8 bytes: single DES in CBC with KL, the last block
 * by triple DES. Triple DES with KL ‖ KL is single DES with KL, so that one cipher serves both.
 */
export function retailMac(cipher: BlockCipher8, input: RetailMacInput): Uint8Array {
  requireLength('key', input.key, 16);
  requireLength('iv', input.iv, BLOCK);
  const left = input.key.subarray(0, BLOCK);
  const single = concatBytes(left, left);
  const padded = padMethod2(input.message);
  let state: Uint8Array = input.iv;
  for (let at = 0; at < padded.length; at += BLOCK) {
    const block = padded.subarray(at, at + BLOCK).map((byte, i) => byte ^ (state[i] ?? 0));
    const last = at + BLOCK === padded.length;
    state = cipher.encrypt(last ? input.key : single, block);
  }
  return state;
}

function padMethod2(message: Uint8Array): Uint8Array {
  const padded = new Uint8Array((Math.floor(message.length / BLOCK) + 1) * BLOCK);
  padded.set(message);
  padded[message.length] = 0x80;
  return padded;
}

function requireLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} must have ${length} bytes, has ${bytes.length}`);
}
