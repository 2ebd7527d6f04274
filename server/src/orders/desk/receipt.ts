import { createHmac } from 'node:crypto';

/** Crockford's alphabet: no I, L, O, U, so that a code can be read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * What a resident keeps: sixteen characters in fours. Twelve are the order number itself, so that nothing has
 * to be stored or searched; four are a keyed check, so that none can be made up.
 */
export class ReceiptCodes {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  codeOf(orderNo: string): string {
    return `${encode(BigInt(orderNo), 12)}${this.#check(orderNo)}`.replace(/(.{4})(?=.)/gu, '$1-');
  }

  /** The order number, or undefined where the code was not given by us. */
  orderNoOf(code: string): string | undefined {
    const plain = code.toUpperCase().replace(/[^0-9A-Z]/gu, '');
    if (plain.length !== 16) return undefined;
    const orderNo = decode(plain.slice(0, 12))?.toString().padStart(18, '0');
    return orderNo !== undefined && this.#check(orderNo) === plain.slice(12) ? orderNo : undefined;
  }

  #check(orderNo: string): string {
    const digest = createHmac('sha256', this.#key).update(`receipt:${orderNo}`).digest();
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
