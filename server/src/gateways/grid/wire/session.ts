import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { WireError } from './error.ts';
import { equalHex, hmacSm3 } from './sm.ts';
import type { Sm2Private, Sm2Public } from './sm2.ts';

const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

/** `POST session`: the client's secret, wrapped to the grid's SM2 key. */
export const sessionRequestSchema = z.strictObject({
  v: z.literal(1),
  agent: z.string().min(1).max(32),
  keyId: hex(16),
  time: z.int(),
  nonce: hex(16),
  wrapped: z.string().regex(/^[0-9a-f]{200,400}$/),
  signature: hex(64),
});
export type SessionRequest = z.infer<typeof sessionRequestSchema>;

export const sessionAnswerSchema = z.strictObject({
  v: z.literal(1),
  keyId: hex(16),
  nonce: hex(16),
  /** The grid's share of the keys: a handshake that is played again gives other keys. */
  gridNonce: hex(32),
  time: z.int(),
  /** When these keys end, ms; the client renews earlier, and the old ones stay good until then. */
  expiresAt: z.int(),
  /** HMAC-SM3 with the answers' key: the grid did unwrap the secret. */
  proof: hex(32),
  signature: hex(64),
});
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

interface KeyPairOfDirection {
  /** SM4, 16 bytes. */
  readonly cipher: Uint8Array;
  /** HMAC-SM3, 32 bytes. */
  readonly mac: Uint8Array;
}

/** Own keys for each direction: an envelope that is sent back does not verify. */
export interface SessionKeys {
  readonly request: KeyPairOfDirection;
  readonly answer: KeyPairOfDirection;
}

/** Both ends' shares to four keys, each HMAC-SM3(secret ‖ gridNonce, label ‖ keyId). */
export function deriveKeys(secret: Uint8Array, gridNonce: string, keyId: string): SessionKeys {
  const root = Buffer.concat([secret, Buffer.from(gridNonce, 'hex')]);
  const key = (label: string): Uint8Array => hmacSm3(root, `collection\n1\n${label}\n${keyId}`);
  const pair = (direction: string): KeyPairOfDirection => ({
    cipher: key(`${direction} cipher`).subarray(0, 16),
    mac: key(`${direction} mac`),
  });
  return { request: pair('request'), answer: pair('answer') };
}

function requestText(request: Omit<SessionRequest, 'signature'>): Uint8Array {
  const { v, agent, keyId, time, nonce, wrapped } = request;
  return Buffer.from(['collection', v, 'session', agent, keyId, time, nonce, wrapped].join('\n'), 'utf8');
}

function answerText(answer: Omit<SessionAnswer, 'signature'>): Uint8Array {
  const { v, keyId, nonce, gridNonce, time, expiresAt, proof } = answer;
  const fields = ['collection', v, 'session-answer', keyId, nonce, gridNonce, time, expiresAt, proof];
  return Buffer.from(fields.join('\n'), 'utf8');
}

function proofOf(keys: SessionKeys, keyId: string): string {
  return Buffer.from(hmacSm3(keys.answer.mac, `collection\n1\nproof\n${keyId}`)).toString('hex');
}

/** The client's half: what to send, and the secret to keep until the answer comes. */
export function startSession(init: { agent: string; now: number; signer: Sm2Private; grid: Sm2Public }): {
  request: SessionRequest;
  secret: Uint8Array;
} {
  const secret = randomBytes(32);
  const unsigned = {
    v: 1 as const,
    agent: init.agent,
    keyId: randomBytes(16).toString('hex'),
    time: init.now,
    nonce: randomBytes(16).toString('hex'),
    wrapped: init.grid.wrap(secret),
  };
  return { request: { ...unsigned, signature: init.signer.sign(requestText(unsigned)) }, secret };
}

/** The grid's half. The caller has checked agent, time window and nonce. Fails with `wire.signature`, `wire.malformed`. */
export function answerSession(init: {
  request: SessionRequest;
  now: number;
  lifeMs: number;
  signer: Sm2Private;
  agent: Sm2Public;
}): { answer: SessionAnswer; keys: SessionKeys } {
  const { request, now, signer } = init;
  if (!init.agent.verify(requestText(request), request.signature)) {
    throw new WireError({ code: 'wire.signature', message: 'The handshake is not signed by this agent.' });
  }
  let secret: Uint8Array;
  try {
    secret = signer.unwrap(request.wrapped);
  } catch (cause) {
    throw new WireError({ code: 'wire.malformed', message: 'The secret does not unwrap.', cause });
  }
  if (secret.length !== 32) {
    throw new WireError({ code: 'wire.malformed', message: 'The secret is not 32 bytes.' });
  }
  const gridNonce = randomBytes(32).toString('hex');
  const keys = deriveKeys(secret, gridNonce, request.keyId);
  const unsigned = {
    v: 1 as const,
    keyId: request.keyId,
    nonce: request.nonce,
    gridNonce,
    time: now,
    expiresAt: now + init.lifeMs,
    proof: proofOf(keys, request.keyId),
  };
  return { answer: { ...unsigned, signature: signer.sign(answerText(unsigned)) }, keys };
}

/** The client's check of the answer. Fails with `wire.malformed`, `wire.signature`, `wire.mac`. */
export function finishSession(init: {
  request: SessionRequest;
  answer: SessionAnswer;
  secret: Uint8Array;
  grid: Sm2Public;
}): SessionKeys {
  const { request, answer } = init;
  if (answer.keyId !== request.keyId || answer.nonce !== request.nonce) {
    throw new WireError({ code: 'wire.malformed', message: 'This answers another handshake.' });
  }
  if (!init.grid.verify(answerText(answer), answer.signature)) {
    throw new WireError({ code: 'wire.signature', message: 'The handshake is not signed by the grid.' });
  }
  const keys = deriveKeys(init.secret, answer.gridNonce, answer.keyId);
  if (!equalHex(answer.proof, proofOf(keys, answer.keyId))) {
    throw new WireError({ code: 'wire.mac', message: 'The grid did not derive the same keys.' });
  }
  return keys;
}
