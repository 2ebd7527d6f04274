import { z } from 'zod';

/**
 * What a terminal beats with instead of its signing key: a token of its own, good for beats alone, and a key that only this
 * terminal can open (JWE compact for its `sealKey`; its clear text is 32 bytes in base64url). Both end together.
 */
export const beatKeyResponse = z.object({
  token: z.string(),
  sealedKey: z.string(),
  /** By then the next is asked for, s: what the token says of the terminal grows old. */
  expiresIn: z.int(),
  /** For how long beats by it are taken where no next could be had, s; absent: no longer than that. */
  takenFor: z.int().optional(),
});
export type BeatKeyResponse = z.infer<typeof beatKeyResponse>;

export const BEAT_PATH = '/v1/terminal/heartbeat';
/** `Authorization: Beat <credentials>` */
export const BEAT_SCHEME = 'Beat';
/** Between the parts of the credentials: of the alphabet of `token68` (RFC 9110 §11.2), and in none of them. */
export const BEAT_MARK = '~';

/** Which beat it is. */
interface BeatSignature {
  /** Seconds since the epoch, server's time; ten digits. */
  readonly created: number;
  /** 128 bits in base64url, another for each beat. */
  readonly nonce: string;
}

/** What HMAC-SHA-256 is taken of, before the body as it is sent. */
export function beatSignedText({ created, nonce }: BeatSignature): string {
  return `POST ${BEAT_PATH}\n${created}\n${nonce}\n`;
}

/** Token and proof in one; `mac`: base64url. */
export function beatCredentials(
  init: BeatSignature & { readonly token: string; readonly mac: string },
): string {
  const { token, created, nonce, mac } = init;
  return [token, created, nonce, mac].join(BEAT_MARK);
}
