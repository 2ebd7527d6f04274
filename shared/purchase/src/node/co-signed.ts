import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { parseJson } from '@bianmin/card/json-text';
import { z } from 'zod';

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
  const payload = encode(JSON.stringify(json));
  return JSON.stringify({ payload, signatures: [] });
}

/**
 * The document with one more signature (ES256), which has `typ` in it: none for something else passes for one of this. A key
 * that has signed is not asked again. Throws where it is no document.
 */
export function coSign(
  document: string,
  { typ, key }: { readonly typ: string; readonly key: KeyObject },
): string {
  const { payload, signatures } = form.parse(parseJson(document));
  const header = headerOf(typ, keyIdOf(key));
  if (signatures.some((each) => each.protected === header)) return document;
  const signed = Buffer.from(`${header}.${payload}`, 'ascii');
  const signature = sign('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return JSON.stringify({ payload, signatures: [...signatures, { protected: header, signature }] });
}

/** Which of these keys have signed the document as `typ`; a key counts once, however often its signature stands there. */
export function signersOf(
  document: string,
  { typ, keys }: Pick<Signers, 'keys'> & { typ: string },
): string[] {
  const read = parsed(document);
  if (read === undefined) return [];
  return [...keys].flatMap(([id, key]) => {
    const header = headerOf(typ, id);
    const signed = Buffer.from(`${header}.${read.payload}`, 'ascii');
    const holds = read.signatures.some(
      (each) =>
        each.protected === header &&
        verify(
          'sha256',
          signed,
          { key, dsaEncoding: 'ieee-p1363' },
          Buffer.from(each.signature, 'base64url'),
        ),
    );
    return holds ? [id] : [];
  });
}

/** What JSON enough of the signers have signed as `typ`; undefined where they have not. */
export function openCoSigned(document: string, init: Signers & { readonly typ: string }): unknown {
  if (signersOf(document, init).length < init.threshold) return undefined;
  return unverified(document);
}

/** What a document says, whoever signed it: to look at, never to act on. Undefined where it is none. */
export function unverified(document: string): unknown {
  const read = parsed(document);
  if (read === undefined) return undefined;
  try {
    return parseJson(Buffer.from(read.payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function parsed(document: string): z.infer<typeof form> | undefined {
  try {
    return form.safeParse(parseJson(document)).data;
  } catch {
    return undefined;
  }
}

function headerOf(typ: string, kid: string): string {
  return encode(JSON.stringify({ alg: 'ES256', typ, kid }));
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

function publicHalf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}
