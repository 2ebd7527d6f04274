import { z } from 'zod';

/**
 * What a terminal beats with instead of its signing key: a token of its own, good for beats alone, and a key that only this
 * terminal can open (JWE compact for its `sealKey`; its clear text is 32 bytes in base64url). Both end together.
 */
export const beatKeyResponse = z.object({
  token: z.string(),
  sealedKey: z.string(),
  /** Seconds. */
  expiresIn: z.int(),
});
export type BeatKeyResponse = z.infer<typeof beatKeyResponse>;

export const BEAT_PATH = '/v1/terminal/heartbeat';
/** `Authorization: Beat <token>` */
export const BEAT_SCHEME = 'Beat';
/** Of the nonce: 128 bits in base64url, another for each beat. */
export const BEAT_NONCE = /^[\w-]{22}$/;

export interface BeatProofInit {
  /** Seconds since the epoch, server's time. */
  readonly created: number;
  readonly nonce: string;
}

/** `Signature-Input` of a beat, without its label: the one form that is taken (RFC 9421 §2.3). */
export function beatSignatureParams({ created, nonce }: BeatProofInit): string {
  return `("@method" "@path" "content-digest");created=${created};nonce="${nonce}";alg="hmac-sha256";tag="bianmin-beat"`;
}

/** What HMAC-SHA-256 is taken of: the signature base of RFC 9421 §2.5. `contentDigest`: the header's value (RFC 9530). */
export function beatSignatureBase(init: BeatProofInit & { path: string; contentDigest: string }): string {
  return [
    '"@method": POST',
    `"@path": ${init.path}`,
    `"content-digest": ${init.contentDigest}`,
    `"@signature-params": ${beatSignatureParams(init)}`,
  ].join('\n');
}
