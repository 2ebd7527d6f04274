import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { indexesThatServe } from './0001-indexes-that-serve.ts';
import { ordersHaveAPlace } from './0002-orders-have-a-place.ts';
import { invoicesAtRestAreNotDue } from './0003-invoices-at-rest-are-not-due.ts';
import { holdsOfTheirOwn } from './0004-holds-of-their-own.ts';
import { secretsOfPeopleAreSealed } from './0005-secrets-of-people-are-sealed.ts';
import { commandsAreSigned } from './0006-commands-are-signed.ts';
import type { Migration } from './migration.ts';

/** In the order of their versions. A new one is added at the end; one that was released stays as it is. */
export const MIGRATIONS: readonly Migration[] = [
  indexesThatServe,
  ordersHaveAPlace,
  invoicesAtRestAreNotDue,
  holdsOfTheirOwn,
  secretsOfPeopleAreSealed,
  commandsAreSigned,
];

/**
 * SHA-256 of a migration's file, hex, whatever its white space and wherever it imports from: what was done can be told from what is
 * there now.
 */
export async function checksumOf({ name }: Pick<Migration, 'name'>): Promise<string> {
  const text = await readFile(new URL(`${name}.ts`, import.meta.url), 'utf8');
  const code = text.replaceAll(/^import\s[^;]*;$/gmu, '');
  return createHash('sha256').update(code.replaceAll(/\s+/g, '')).digest('hex');
}

/** Of the same files as databases noted them while imports counted. */
const WITH_IMPORTS: Readonly<Record<string, string>> = {
  '0001-indexes-that-serve': '7d70fac68190b1839cdf01c3ac03187937209b08794ae8c1d0ec6ba265aaa37d',
  '0002-orders-have-a-place': '5fa377a6a332a58f67893551a488ad0a911848140d4d4e1de19e7fd927894cbe',
  '0003-invoices-at-rest-are-not-due': '7620e44d253cf8795bb32f4a63d9c0cfb108ad358030ce61b13afab1d5f4f3ae',
  '0004-holds-of-their-own': '674c27cc63e641703088c44f45f27c4b738ddd1a82f2064ef15be00d4ca58263',
};

/** Whether a database that noted this checksum ran this file. */
export async function isThatFile(
  migration: Migration,
  noted: string,
  checksum: (migration: Migration) => Promise<string> = checksumOf,
): Promise<boolean> {
  return noted === WITH_IMPORTS[migration.name] || noted === (await checksum(migration));
}
