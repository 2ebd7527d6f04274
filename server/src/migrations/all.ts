import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { indexesThatServe } from './0001-indexes-that-serve.ts';
import { ordersHaveAPlace } from './0002-orders-have-a-place.ts';
import { invoicesAtRestAreNotDue } from './0003-invoices-at-rest-are-not-due.ts';
import { holdsOfTheirOwn } from './0004-holds-of-their-own.ts';
import type { Migration } from './migration.ts';

/** In the order of their versions. A new one is added at the end; one that was released stays as it is. */
export const MIGRATIONS: readonly Migration[] = [
  indexesThatServe,
  ordersHaveAPlace,
  invoicesAtRestAreNotDue,
  holdsOfTheirOwn,
];

/** SHA-256 of a migration's file, hex, whatever its white space: what was done can be told from what is there now. */
export async function checksumOf({ name }: Pick<Migration, 'name'>): Promise<string> {
  const text = await readFile(new URL(`${name}.ts`, import.meta.url), 'utf8');
  return createHash('sha256').update(text.replaceAll(/\s+/g, '')).digest('hex');
}
