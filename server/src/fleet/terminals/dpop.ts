import { createHash } from 'node:crypto';
import { parseJson } from '@bianmin/card/json-text';
import { decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { ProblemError } from '../../kernel/problem.ts';
import { openJws } from './jws.ts';
import { importedKey, publicJwk, type ImportedKey } from './keys.ts';

/** How far a proof's `iat` may lie from our clock, either way. */
export const PROOF_WINDOW_S = 60;

const proofPayload = z.object({
  jti: z.string().min(8).max(128),
  htm: z.string().max(16),
  htu: z.string().max(2048),
  iat: z.number(),
  ath: z.string().max(64),
});

/**
 * Checks a DPoP proof (RFC 9449 §4.3) of one request, but for the replay, which its caller asks Redis about.
 *
 * `htu` is compared by its path alone: behind a proxy this process does not see scheme, host and port as the
 * terminal does. Nothing is lost by that as long as the same secret signs no tokens of another deployment:
 * a proof is bound to the token (`ath`), the token to this server. The proxy must pass the path unchanged.
 */
export async function verifyProof(init: {
  proof: string;
  method: string;
  path: string;
  accessToken: string;
  nowMs: number;
}): Promise<{ jkt: string; jti: string }> {
  const { key, payload } = await open(init.proof);
  if (payload.htm !== init.method) throw refuse('It was made for another method.');
  if (pathOf(payload.htu) !== init.path) throw refuse('It was made for another address.');
  if (Math.abs(payload.iat - init.nowMs / 1000) > PROOF_WINDOW_S) {
    throw refuse('It is stale: set the terminal’s clock.');
  }
  const ath = createHash('sha256').update(init.accessToken).digest('base64url');
  if (payload.ath !== ath) throw refuse('It was made for another access token.');
  return { jkt: key.jkt, jti: payload.jti };
}

async function open(proof: string): Promise<{ key: ImportedKey; payload: z.infer<typeof proofPayload> }> {
  try {
    const header = decodeProtectedHeader(proof);
    const jwk = publicJwk(header.jwk);
    if (header.typ !== 'dpop+jwt' || jwk === undefined) throw refuse('Its header is not that of a proof.');
    const key = await importedKey(jwk);
    const payload = openJws(proof, key.verify);
    if (payload === undefined) throw refuse('Its signature is wrong.');
    return { key, payload: proofPayload.parse(parseJson(payload.toString('utf8'))) };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw refuse('It cannot be read or its signature is wrong.', error);
  }
}

function pathOf(htu: string): string | undefined {
  return URL.canParse(htu) ? new URL(htu).pathname : undefined;
}

/** The one problem of a proof that does not hold. */
export function refuse(why: string, cause?: unknown): ProblemError {
  return new ProblemError({
    code: 'terminal.bad-proof',
    message: `The proof of the terminal’s key is not valid. ${why}`,
    cause,
  });
}
