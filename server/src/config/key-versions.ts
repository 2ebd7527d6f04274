import { z } from 'zod';
import { KeyRing } from '../kernel/key-ring.ts';

/** 32 bytes in hex. */
export const SECRET = /^[0-9a-f]{64}$/u;
const VERSIONED = /^([1-9]\d{0,3}):([0-9a-f]{64})$/u;

/** `1:KEY,2:KEY…`, each 32 bytes hex, with commas or spaces between them. Says what is wrong and never a key. */
export const keyVersions = z.string().transform((text, context) => {
  const secrets = new Map<number, Buffer>();
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  for (const entry of text.split(/[\s,]+/u).filter((each) => each !== '')) {
    const [, version, key] = VERSIONED.exec(entry) ?? [];
    if (version === undefined || key === undefined) {
      return refuse(
        'write each key as VERSION:KEY (64 hex digits, openssl rand -hex 32), with commas between them',
      );
    }
    const [no, secret] = [Number(version), Buffer.from(key, 'hex')];
    if (secrets.has(no))
      return refuse(`version ${no} stands there twice; a new key gets a number of its own`);
    const same = [...secrets].find(([, other]) => other.equals(secret));
    if (same !== undefined) {
      return refuse(`versions ${same[0]} and ${no} are the same key; make a new one (openssl rand -hex 32)`);
    }
    secrets.set(no, secret);
  }
  return secrets.size === 0
    ? refuse('name at least one key, or take the variable away')
    : new KeyRing(secrets);
});

/** Whether both variables are set: the one with every version would leave the key of the other out. The fault, as a sentence. */
export function faultOfBoth(
  env: Readonly<Record<string, string | undefined>>,
  { several, one }: { readonly several: string; readonly one: string },
): string | undefined {
  if (env[several] === undefined || env[one] === undefined) return undefined;
  return `${several} holds every version: put ${one} into it as 1:KEY, and take ${one} away`;
}
