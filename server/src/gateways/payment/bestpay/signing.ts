import { createSign, createVerify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { BestpayProfile } from './profile.ts';

type Signing = BestpayProfile['signing'];
const HASH = { SHA1withRSA: 'RSA-SHA1', SHA256withRSA: 'RSA-SHA256' } as const;

/**
 * What is signed of an object: `name=value` sorted by name and joined by `&`, without `sign`; what is nested is
 * JSON with sorted names.
 */
export function signedText(fields: Readonly<Record<string, unknown>>, nulls: Signing['nulls']): string {
  return Object.entries(fields)
    .filter(([name, value]) => name !== 'sign' && !(value === null && nulls === 'left-out'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${written(value)}`)
    .join('&');
}

/** Whether another object could have the same signed text, so that a signature would not say which was meant. */
export function isAmbiguous(fields: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).some(
    ([name, value]) => !/^\w+$/u.test(name) || (typeof value === 'string' && /&\w+=/u.test(value)),
  );
}

export function signed(text: string, key: KeyObject, algorithm: Signing['request']): string {
  return createSign(HASH[algorithm]).update(text, 'utf8').sign(key, 'base64');
}

/** Whether one of the keys made this signature over the text, by one of the algorithms that are believed. */
export function isSigned(
  text: string,
  signature: string,
  { keys, algorithms }: { keys: readonly KeyObject[]; algorithms: Signing['answers'] },
): boolean {
  const raw = Buffer.from(signature, 'base64');
  // Node's decoder forgives stray characters and bits; a signature has one spelling only.
  if (raw.toString('base64') !== signature) return false;
  return algorithms.some((algorithm) =>
    keys.some((key) => createVerify(HASH[algorithm]).update(text, 'utf8').verify(key, raw)),
  );
}

function written(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
