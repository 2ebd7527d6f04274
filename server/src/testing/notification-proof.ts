import { PaymentError } from '../gateways/payment/error.ts';

/** What was opened, or the code of its refusal. Throws what is no PaymentError. */
export function outcomeOf(open: () => unknown): unknown {
  try {
    return open();
  } catch (error) {
    if (error instanceof PaymentError) return error.code;
    throw error;
  }
}

/** These bytes with one bit after the other as another. */
export function* changedBits(
  original: Buffer,
): Generator<{ readonly bit: number; readonly changed: Buffer }> {
  for (let bit = 0; bit < original.length * 8; bit += 1) {
    const changed = Buffer.from(original);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    yield { bit, changed };
  }
}
