import { randomBytes } from 'node:crypto';
import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import { WireError, WIRE_FAULTS } from './error.ts';
import type { SessionKeys } from './session.ts';
import { equalHex, hmacSm3, sm4Decrypt, sm4Encrypt } from './sm.ts';
import type { Sm2Private, Sm2Public } from './sm2.ts';

const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

/** What travels in clear and is covered by MAC and signature. */
const headerSchema = z.strictObject({
  v: z.literal(1),
  keyId: hex(16),
  agent: z.string().min(1).max(32),
  op: z.string().min(1).max(32),
  /** The client's message id; the answer repeats it. */
  id: hex(16),
  /** The sender's clock, ms since the epoch. */
  time: z.int(),
  /** Fresh in a request; the answer repeats it, which ties the two together. */
  nonce: hex(16),
});
export type Header = z.infer<typeof headerSchema>;

export const envelopeSchema = headerSchema.extend({
  iv: hex(16),
  /** SM4-CBC of the JSON body, base64. */
  body: z
    .string()
    .max(65_536)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/),
  /** HMAC-SM3 over the canonical text. */
  mac: hex(32),
  /** SM2 over canonical text and MAC. */
  signature: hex(64),
});
export type Envelope = z.infer<typeof envelopeSchema>;

export type Direction = 'request' | 'answer';

/** The text that the MAC covers: one field a line, so that no two envelopes share one. */
export function canonical(direction: Direction, envelope: Omit<Envelope, 'mac' | 'signature'>): string {
  const { v, keyId, agent, op, id, time, nonce, iv, body } = envelope;
  return ['collection', v, direction, keyId, agent, op, id, time, nonce, iv, body].join('\n');
}

/** A fresh 16-byte identifier or nonce, hex. */
export function freshId(): string {
  return randomBytes(16).toString('hex');
}

/** Encrypt, then MAC, then sign. */
export function sealEnvelope(init: {
  direction: Direction;
  header: Header;
  body: unknown;
  keys: SessionKeys;
  signer: Sm2Private;
  /** Only for literal tests; otherwise random. */
  iv?: Uint8Array;
}): Envelope {
  const pair = init.keys[init.direction];
  const iv = init.iv ?? randomBytes(16);
  const sealed = sm4Encrypt(pair.cipher, iv, Buffer.from(JSON.stringify(init.body), 'utf8'));
  const unsigned = {
    ...init.header,
    iv: Buffer.from(iv).toString('hex'),
    body: Buffer.from(sealed).toString('base64'),
  };
  const text = canonical(init.direction, unsigned);
  const mac = Buffer.from(hmacSm3(pair.mac, text)).toString('hex');
  const signature = init.signer.sign(Buffer.from(`${text}\n${mac}`, 'utf8'));
  return { ...unsigned, mac, signature };
}

/** Checks MAC, then signature, and only then decrypts. Fails with `wire.mac`, `wire.signature`, `wire.malformed`. */
export function openEnvelope(init: {
  direction: Direction;
  envelope: Envelope;
  keys: SessionKeys;
  verifier: Sm2Public;
}): unknown {
  const { direction, envelope, verifier } = init;
  const pair = init.keys[direction];
  const text = canonical(direction, envelope);
  if (!equalHex(envelope.mac, Buffer.from(hmacSm3(pair.mac, text)).toString('hex'))) {
    throw new WireError({ code: 'wire.mac', message: 'The message authentication code is not right.' });
  }
  if (!verifier.verify(Buffer.from(`${text}\n${envelope.mac}`, 'utf8'), envelope.signature)) {
    throw new WireError({ code: 'wire.signature', message: 'The SM2 signature does not verify.' });
  }
  try {
    const plain = sm4Decrypt(
      pair.cipher,
      Buffer.from(envelope.iv, 'hex'),
      Buffer.from(envelope.body, 'base64'),
    );
    return parseJson(Buffer.from(plain).toString('utf8'));
  } catch (cause) {
    throw new WireError({ code: 'wire.malformed', message: 'The body is not JSON.', cause });
  }
}

/**
 * How the grid says that it did not process a message: signed with its own key, since there may be no session,
 * and tied to the message by id and nonce, so that only the grid can say so.
 */
export const refusalSchema = z.strictObject({
  v: z.literal(1),
  fault: z.enum(WIRE_FAULTS),
  id: hex(16),
  nonce: hex(16),
  time: z.int(),
  signature: hex(64),
});
export type Refusal = z.infer<typeof refusalSchema>;

function refusalText(refusal: Omit<Refusal, 'signature'>): Uint8Array {
  const { v, fault, id, nonce, time } = refusal;
  return Buffer.from(['collection', v, 'refusal', fault, id, nonce, time].join('\n'), 'utf8');
}

export function signRefusal(refusal: Omit<Refusal, 'signature'>, signer: Sm2Private): Refusal {
  return { ...refusal, signature: signer.sign(refusalText(refusal)) };
}

export function verifyRefusal(refusal: Refusal, verifier: Sm2Public): boolean {
  return verifier.verify(refusalText(refusal), refusal.signature);
}
