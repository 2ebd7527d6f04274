import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { BEAT_MARK, BEAT_PATH, beatSignedText } from '@bianmin/purchase/api/beat-key';
import { beatSignatureBase, beatSignatureParams } from './beat-signature.ts';
import { PROOF_WINDOW_S, refuse } from './dpop.ts';

/** Time, nonce and MAC, behind the token. */
const PROOF = /^(\d{10})~([\w-]{22})~([\w-]{43})$/;

/** The one form of `Signature-Input` that is taken; its label is ours (RFC 9421 §4.1). */
const INPUT = /^beat=\("@method" "@path" "content-digest"\);created=(\d{10});nonce="([\w-]{22})"/;
const SIGNATURE = /^beat=:([\w+/]{43}=):$/;

/** What a beat is checked by. */
interface Against {
  readonly key: Buffer;
  readonly nowMs: number;
}

/** The credentials of a beat: its token, and what proves it; absent where headers of their own do. */
export function credentialsOf(given: string): { readonly token: string; readonly proof: string | undefined } {
  const mark = given.indexOf(BEAT_MARK);
  return mark < 0
    ? { token: given, proof: undefined }
    : { token: given.slice(0, mark), proof: given.slice(mark + 1) };
}

/**
 * Checks the HMAC-SHA-256 of a beat over method, path, time, nonce and body. Gives the nonce: whether it is new is for Redis to
 * say. Throws `terminal.bad-proof`.
 */
export function verifyBeat(proof: string, body: Buffer, { key, nowMs }: Against): string {
  const [, created = '', nonce = '', given] = PROOF.exec(proof) ?? [];
  if (given === undefined) throw refuse('Its proof is not in the form of a beat’s.');
  assertFresh(Number(created), nowMs);
  const text = beatSignedText({ created: Number(created), nonce });
  const mac = createHmac('sha256', key).update(text, 'latin1').update(body).digest('base64url');
  if (!timingSafeEqual(Buffer.from(mac, 'latin1'), Buffer.from(given, 'latin1'))) {
    throw refuse('It was made by another key or for another body.');
  }
  return nonce;
}

/** What came with a beat as kiosks of before December 2026 sign it, as it came. */
export interface SignedBeat {
  readonly body: Buffer;
  readonly contentDigest: string;
  readonly signatureInput: string;
  readonly signature: string;
}

/**
 * Checks an HTTP message signature (RFC 9421) by HMAC-SHA-256 over method, path, body, time and nonce, in the one form that
 * terminals send. Gives the nonce: whether it is new is for Redis to say. Throws `terminal.bad-proof`.
 */
export function verifySignedBeat(proof: SignedBeat, { key, nowMs }: Against): string {
  const [, created = '', nonce = ''] = INPUT.exec(proof.signatureInput) ?? [];
  const given = SIGNATURE.exec(proof.signature)?.[1];
  const params = { created: Number(created), nonce };
  if (given === undefined || proof.signatureInput !== `beat=${beatSignatureParams(params)}`) {
    throw refuse('Its signature is not in the form of a beat’s.');
  }
  assertFresh(params.created, nowMs);
  const digest = hash('sha256', proof.body, 'base64');
  if (proof.contentDigest !== `sha-256=:${digest}:`) throw refuse('It was made for another body.');
  const base = beatSignatureBase({ ...params, path: BEAT_PATH, contentDigest: proof.contentDigest });
  const mac = createHmac('sha256', key).update(base).digest();
  if (!timingSafeEqual(mac, Buffer.from(given, 'base64'))) throw refuse('Its signature is wrong.');
  return nonce;
}

function assertFresh(created: number, nowMs: number): void {
  if (Math.abs(created - nowMs / 1000) > PROOF_WINDOW_S) {
    throw refuse('It is stale: set the terminal’s clock.');
  }
}
