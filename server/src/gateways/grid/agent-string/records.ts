import { WireError } from '../wire/error.ts';
import type { Sm2Private, Sm2Public } from '../wire/sm2.ts';

/** Seals a record to its receiver: SM2 encryption, C1C3C2, upper-case hex for a `long-hex` field. */
export function sealRecord(receiver: Sm2Public, record: Uint8Array): string {
  return receiver.wrap(record).toUpperCase();
}

/** Opens a record that was sealed to us. Fails with `wire.malformed`. */
export function openRecord(own: Sm2Private, sealed: string): Uint8Array {
  try {
    const record = own.unwrap(sealed.toLowerCase());
    // The library gives nothing at all where the digest inside does not agree.
    if (record.length > 0) return record;
  } catch (cause) {
    throw unsealable(cause);
  }
  throw unsealable();
}

function unsealable(cause?: unknown): WireError {
  return new WireError({
    code: 'wire.malformed',
    message: 'A sealed record cannot be opened. Compare both ends’ SM2 keys.',
    cause,
  });
}
