import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { beatSignatureBase, beatSignatureParams } from '@bianmin/purchase/api/beat-key';
import { PROOF_WINDOW_S, refuse } from './dpop.ts';

/** The one form of `Signature-Input` that is taken; its label is ours (RFC 9421 §4.1). */
const INPUT = /^beat=\("@method" "@path" "content-digest"\);created=(\d{10});nonce="([\w-]{22})"/;
const SIGNATURE = /^beat=:([\w+/]{43}=):$/;

/** What came with a beat, as it came. */
export interface BeatProof {
  readonly path: string;
  readonly body: Buffer;
  readonly contentDigest: string;
  readonly signatureInput: string;
  readonly signature: string;
}

/**
 * Checks an HTTP message signature (RFC 9421) by HMAC-SHA-256 over method, path, body, time and nonce, in the one form that
 * terminals send. Gives the nonce: whether it is new is for Redis to say. Throws `terminal.bad-proof`.
 */
export function verifyBeat(proof: BeatProof, { key, nowMs }: { key: Buffer; nowMs: number }): string {
  const [, created = '', nonce = ''] = INPUT.exec(proof.signatureInput) ?? [];
  const given = SIGNATURE.exec(proof.signature)?.[1];
  const params = { created: Number(created), nonce };
  if (given === undefined || proof.signatureInput !== `beat=${beatSignatureParams(params)}`) {
    throw refuse('Its signature is not in the form of a beat’s.');
  }
  if (Math.abs(params.created - nowMs / 1000) > PROOF_WINDOW_S) {
    throw refuse('It is stale: set the terminal’s clock.');
  }
  const digest = hash('sha256', proof.body, 'base64');
  if (proof.contentDigest !== `sha-256=:${digest}:`) throw refuse('It was made for another body.');
  const base = beatSignatureBase({ ...params, path: proof.path, contentDigest: proof.contentDigest });
  const mac = createHmac('sha256', key).update(base).digest();
  if (!timingSafeEqual(mac, Buffer.from(given, 'base64'))) throw refuse('Its signature is wrong.');
  return nonce;
}
