import { z } from 'zod';
import { KeyRing } from '../kernel/key-ring.ts';

const KEY = /^[0-9a-f]{64}$/u;
const VERSIONED = /^([1-9]\d{0,3}):([0-9a-f]{64})$/u;

/** `1:KEY,2:KEY…`, each 32 bytes hex, with commas or spaces between them. Says what is wrong and never a key. */
export const dataKeys = z.string().transform((text, context) => {
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

/** A configuration's keys of data, as they are named there. */
export interface DataKeyConfig {
  readonly DATA_KEYS?: KeyRing | undefined;
  readonly DATA_KEY?: string | undefined;
  readonly TOKEN_SECRET: string;
}

/** What is wrong between the variables, as a sentence; undefined where nothing is. */
export function faultOfDataKeys(env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (env['DATA_KEYS'] === undefined || env['DATA_KEY'] === undefined) return undefined;
  return 'DATA_KEYS holds every version: put DATA_KEY into it as 1:KEY, and take DATA_KEY away';
}

/** What seals personal data and the like in the database, and makes what is handed out. */
export function dataKeysOf({ DATA_KEYS, DATA_KEY, TOKEN_SECRET }: DataKeyConfig): KeyRing {
  return DATA_KEYS ?? new KeyRing(new Map([[1, Buffer.from(DATA_KEY ?? TOKEN_SECRET, 'hex')]]));
}

/** The same of an environment, for commands that need no more of it. Throws a sentence. */
export function dataKeysFrom(env: Readonly<Record<string, string | undefined>>): KeyRing {
  const fault = faultOfDataKeys(env);
  if (fault !== undefined) throw new Error(`Configuration is not usable. ${fault}.`);
  if (env['DATA_KEYS'] !== undefined) {
    const parsed = dataKeys.safeParse(env['DATA_KEYS']);
    if (parsed.success) return parsed.data;
    throw new Error(`Configuration is not usable. DATA_KEYS: ${parsed.error.issues[0]?.message ?? ''}.`);
  }
  const [DATA_KEY, TOKEN_SECRET] = [env['DATA_KEY'], env['TOKEN_SECRET']];
  const key = DATA_KEY ?? TOKEN_SECRET;
  if (key === undefined || !KEY.test(key)) {
    throw new Error(
      'Configuration is not usable. Set DATA_KEYS (or DATA_KEY, or TOKEN_SECRET) as the server has it.',
    );
  }
  return dataKeysOf({ DATA_KEY: key, TOKEN_SECRET: key });
}
