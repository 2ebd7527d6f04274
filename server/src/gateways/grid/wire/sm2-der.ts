/** Bytes of a number of the curve. */
const SIZE = 32;
const INTEGER = 0x02;
const SEQUENCE = 0x30;

/** r and s, 64 bytes, as OpenSSL wants a signature: a SEQUENCE of two INTEGERs. */
export function derOf(signature: Uint8Array): Uint8Array {
  const parts = [signature.subarray(0, SIZE), signature.subarray(SIZE)].map(integer);
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(SEQUENCE, content.length), content]);
}

/** The same back; `der` is OpenSSL's own. */
export function signatureOf(der: Uint8Array): Uint8Array {
  const signature = new Uint8Array(2 * SIZE);
  let at = 2;
  for (const end of [SIZE, 2 * SIZE]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    // One byte more where the first would look like a sign.
    const digits = number.subarray(Math.max(0, length - SIZE));
    signature.set(digits, end - digits.length);
    at += 2 + length;
  }
  return signature;
}

/** In the fewest bytes, and never negative. */
function integer(number: Uint8Array): Uint8Array {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = number.subarray(first === -1 ? SIZE - 1 : first);
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : [];
  return Uint8Array.of(INTEGER, digits.length + sign.length, ...sign, ...digits);
}
