import { randomBytes } from 'node:crypto';
import { WireError } from '../wire/error.ts';
import type { Sm2Private, Sm2Public } from '../wire/sm2.ts';
import { decodeFields, encodeFields } from './fields.ts';
import { malformed } from './malformed.ts';
import { openRecord, sealRecord } from './records.ts';
import { BODIES } from './tables.ts';
import { beijingTime, fromBeijingTime } from './times.ts';

/** What a sign-on gives: a working key for the MAC of every frame until it ends. */
export interface WorkingKey {
  /** Upper-case hex, 16 bytes. */
  readonly session: string;
  /** HMAC-SM3, 32 bytes. */
  readonly key: Uint8Array;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

const KEY_BYTES = 32;

/** The grid's half: a fresh key, and the body that carries it to the agent who alone can unwrap it. */
export function makeWorkingKey(agent: Sm2Public, expiresAt: number): { key: WorkingKey; body: Buffer } {
  const session = randomBytes(16).toString('hex').toUpperCase();
  const key = randomBytes(KEY_BYTES);
  const expires = beijingTime(expiresAt);
  const body = encodeFields(BODIES.signOn.answer, { session, key: sealRecord(agent, key), expires });
  return { key: { session, key, expiresAt: fromBeijingTime(expires) }, body };
}

/** The agent's half. The caller has checked the grid's signature. Fails with `wire.malformed`. */
export function takeWorkingKey(body: Uint8Array, own: Sm2Private): WorkingKey {
  const values = decodeFields(BODIES.signOn.answer, body);
  const key = openRecord(own, values.key);
  const expiresAt = fromBeijingTime(values.expires);
  if (key.length !== KEY_BYTES) {
    throw new WireError({ code: 'wire.malformed', message: 'The working key is not 32 bytes.' });
  }
  if (Number.isNaN(expiresAt)) throw malformed('expires', 'is no time');
  return { session: values.session, key, expiresAt };
}
