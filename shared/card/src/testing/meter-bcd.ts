/** Digits as packed BCD, as in the files: `bcdBytes('650100004321')` for the MAC over a customer number. */
export function bcdBytes(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2);
  putBcd(bytes, { at: 0, length: bytes.length, digits });
  return bytes;
}

interface BcdField {
  readonly at: number;
  readonly length: number;
  readonly digits: string | number;
}

export function putBcd(bytes: Uint8Array, field: BcdField): void {
  const digits = String(field.digits).padStart(field.length * 2, '0');
  if (!/^\d+$/.test(digits) || digits.length !== field.length * 2) {
    throw new RangeError(`the field at ${field.at} takes ${field.length * 2} digits`);
  }
  for (let i = 0; i < field.length; i++) {
    bytes[field.at + i] = Number(digits[2 * i]) * 16 + Number(digits[2 * i + 1]);
  }
}

export function bcd(bytes: Uint8Array, at: number, length: number): string | undefined {
  let digits = '';
  for (const byte of bytes.subarray(at, at + length)) digits += byte.toString(16).padStart(2, '0');
  return /^\d+$/.test(digits) ? digits : undefined;
}

export function bcdNumber(bytes: Uint8Array, at: number, length: number): number | undefined {
  const digits = bcd(bytes, at, length);
  return digits === undefined ? undefined : Number(digits);
}
