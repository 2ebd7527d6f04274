import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id with 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet ("minimum
 * configuration of 19 MiB of memory, an iteration count of 2, and 1 degree of parallelism").
 */
export const ARGON2ID = {
  algorithm: 2,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const;
export type Argon2Cost = Omit<typeof ARGON2ID, 'memoryCost' | 'timeCost'> & {
  /** KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
};

/** In the PHC string format: parameters and salt travel with the hash, so that they can be raised. */
export function hashPassword(password: string, cost: Argon2Cost = ARGON2ID): Promise<string> {
  return hash(password.normalize('NFKC'), { ...cost, salt: randomBytes(16) });
}

/** False for a hash that is of no known kind. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  if (stored.startsWith('scrypt$')) return verifyScrypt(password, stored);
  if (!stored.startsWith('$argon2id$')) return false;
  return verify(stored, password.normalize('NFKC'));
}

/** A hash that was made by less than what is used now: the next login makes it anew. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost, parallelism } = ARGON2ID;
  return !stored.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`);
}

/** `scrypt$N$r$p$salt$key`, base64url: what passwords were kept as before. */
async function verifyScrypt(password: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt, key] = stored.split('$');
  if (salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, 'base64url');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const actual = await derive(password, Buffer.from(salt, 'base64url'), cost);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(
  password: string,
  salt: Buffer,
  cost: { readonly N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const maxmem = 256 * cost.N * cost.r + 2 ** 20;
    scrypt(password.normalize('NFKC'), salt, 32, { ...cost, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
