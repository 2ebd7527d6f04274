import type { AnswerOf } from '../wire/operations.ts';
import { decodeFields, encodeFields } from './fields.ts';
import { BODIES } from './tables.ts';
import { digitsOfIso, isoOf } from './times.ts';

/** Where nothing is bounded, no time is of any use. */
const NO_TIME = '00000101000000';

export function encodeVendorCredit({ credit }: AnswerOf<'vendorCredit'>): Buffer {
  return encodeFields(BODIES.vendorCredit.answer, {
    availableFen: credit?.availableFen ?? null,
    asOf: credit === null ? NO_TIME : digitsOfIso(credit.asOf),
    batchOpen: credit?.batch === 'closed' ? 0 : 1,
  });
}

/** For the operation's own schema to check. Fails with `wire.malformed`. */
export function decodeVendorCredit(body: Uint8Array): unknown {
  const { availableFen, asOf, batchOpen } = decodeFields(BODIES.vendorCredit.answer, body);
  if (availableFen === null) return { credit: null };
  return { credit: { availableFen, asOf: isoOf(asOf), batch: batchOpen === 1 ? 'open' : 'closed' } };
}
