import type { AnswerOf } from '../wire/operations.ts';
import { decodeFields, encodeFields } from './fields.ts';
import { BODIES } from './tables.ts';
import { digitsOfIso, isoOf } from './times.ts';

/** Where nothing was read. */
const NOTHING = { meterNo: '', count: null, balanceFen: null, readTime: null };

export function encodeMeterReading({ reading }: AnswerOf<'readMeter'>): Buffer {
  if (reading === null) return encodeFields(BODIES.readMeter.answer, NOTHING);
  const { readAt, ...rest } = reading;
  return encodeFields(BODIES.readMeter.answer, { ...rest, readTime: digitsOfIso(readAt) });
}

/** For the operation's own schema to check. Fails with `wire.malformed`. */
export function decodeMeterReading(body: Uint8Array): unknown {
  const { readTime, ...rest } = decodeFields(BODIES.readMeter.answer, body);
  if (rest.count === null) return { reading: null };
  return { reading: { ...rest, readAt: readTime === null ? null : isoOf(readTime) } };
}
