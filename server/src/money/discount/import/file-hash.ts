import { createSHA256 } from 'hash-wasm';

/**
 * SHA-256 of bytes that come in parts to one process or another: what it has come to is kept between them, as Node's own cannot be.
 * `state`: absent before the first part.
 */
export async function hashOn(state: Uint8Array | undefined, bytes: Uint8Array): Promise<Uint8Array> {
  const sha256 = await createSHA256();
  if (state !== undefined) sha256.load(state);
  return sha256.update(bytes).save();
}

/** Hex. */
export async function digestOf(state: Uint8Array | undefined): Promise<string> {
  const sha256 = await createSHA256();
  if (state !== undefined) sha256.load(state);
  return sha256.digest('hex');
}
