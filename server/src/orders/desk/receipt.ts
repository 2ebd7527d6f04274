import { createHmac } from 'node:crypto';
import { KeyRing, type KeySource } from '../../kernel/key-ring.ts';

/** Crockford's alphabet: no I, L, O, U, so that a code can be read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * What a resident keeps: sixteen characters in fours. Twelve are the order number itself, so that nothing has
 * to be stored or searched; four are a keyed check, so that none can be made up.
 */
export class ReceiptCodes {
  readonly #keys: KeyRing;

  constructor(keys: KeySource) {
    this.#keys = KeyRing.of(keys);
  }

  codeOf(orderNo: string): string {
    return `${encode(BigInt(orderNo), 12)}${this.#check(orderNo, this.#keys.sealing)}`.replace(
      /(.{4})(?=.)/gu,
      '$1-',
    );
  }

  /** The order number, or undefined where the code was not given by us. */
  orderNoOf(code: string): string | undefined {
    const plain = code.toUpperCase().replace(/[^0-9A-Z]/gu, '');
    if (plain.length !== 16) return undefined;
    const orderNo = decode(plain.slice(0, 12))?.toString().padStart(18, '0');
    if (orderNo === undefined) return undefined;
    // One on paper names no version: while keys are changed it may be of any that is here.
    const isOurs = this.#keys.versions.some((version) => this.#check(orderNo, version) === plain.slice(12));
    return isOurs ? orderNo : undefined;
  }

  #check(orderNo: string, version: number): string {
    const digest = createHmac('sha256', this.#keys.key(version, 'bianmin receipts'))
      .update(`receipt:${orderNo}`)
      .digest();
    return encode(BigInt(digest.readUInt32BE(0) & 0xfffff), 4);
  }
}

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value, index = 0; index < length; index += 1, rest >>= 5n) {
    text = (ALPHABET[Number(rest & 31n)] ?? '') + text;
  }
  return text;
}

function decode(text: string): bigint | undefined {
  let value = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  return value;
}
