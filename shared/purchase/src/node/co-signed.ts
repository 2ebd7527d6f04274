import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';
import { isSignedBy, jsonIn, partOf, signatureOf } from './es256.ts';

const MOST_SIGNATURES = 16;
const base64url = z.string().regex(/^[\w-]+$/);
const form = z.strictObject({
  payload: base64url,
  signatures: z.array(z.strictObject({ protected: base64url, signature: base64url })).max(MOST_SIGNATURES),
});

/** Whose signatures count, by key id, and how many different ones a document needs. */
export interface Signers {
  readonly keys: ReadonlyMap<string, KeyObject>;
  readonly threshold: number;
}

/** A key's thumbprint (RFC 7638): one key has one id, however it is written. */
export function keyIdOf(key: KeyObject): string {
  const { crv, kty, x, y } = publicHalf(key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

/** JSON that nobody has signed yet, as a JWS in JSON (RFC 7515 §7.2.1). */
export function draft(json: unknown): string {
  const payload = partOf(JSON.stringify(json));
  return JSON.stringify({ payload, signatures: [] });
}

/**
 * The document with one more signature (ES256), which has `typ` in it, so that one of another kind of document is not taken here.
 * A key that has signed is not asked again. Throws where it is no document.
 */
export function coSign(
  document: string,
  { typ, key }: { readonly typ: string; readonly key: KeyObject },
): string {
  const { payload, signatures } = form.parse(parseJson(document));
  const header = headerOf(typ, keyIdOf(key));
  if (signatures.some((each) => each.protected === header)) return document;
  const signature = signatureOf(`${header}.${payload}`, key);
  return JSON.stringify({ payload, signatures: [...signatures, { protected: header, signature }] });
}

/** Which of these keys have signed the document as `typ`; a key counts once, however often its signature stands there. */
export function signersOf(document: string, of: Pick<Signers, 'keys'> & { typ: string }): string[] {
  const read = parsed(document);
  return read === undefined ? [] : signersIn(read, of);
}

/** What JSON enough of the signers have signed as `typ`; undefined where they have not. */
export function openCoSigned(document: string, init: Signers & { readonly typ: string }): unknown {
  const read = parsed(document);
  if (read === undefined || signersIn(read, init).length < init.threshold) return undefined;
  return jsonIn(read.payload);
}

/** The payload, whoever signed it: to look at, never to act on. Undefined where it is none. */
export function unverified(document: string): unknown {
  const read = parsed(document);
  return read === undefined ? undefined : jsonIn(read.payload);
}

type CoSigned = z.infer<typeof form>;

function signersIn(
  { payload, signatures }: CoSigned,
  { typ, keys }: Pick<Signers, 'keys'> & { typ: string },
): string[] {
  return [...keys].flatMap(([id, key]) => {
    const header = headerOf(typ, id);
    const holds = signatures.some(
      (each) => each.protected === header && isSignedBy(key, `${header}.${payload}`, each.signature),
    );
    return holds ? [id] : [];
  });
}

function parsed(document: string): CoSigned | undefined {
  try {
    return form.safeParse(parseJson(document)).data;
  } catch {
    return undefined;
  }
}

function headerOf(typ: string, kid: string): string {
  return partOf(JSON.stringify({ alg: 'ES256', typ, kid }));
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}
