import { createHash } from 'node:crypto';
import type { NumberSeal } from './sealed-number.ts';

/** Who holds an account, as the grid says it, so that it names no one outside of this account; absent: the grid does not say. */
export function holderOf(account: { readonly customerNo: string; readonly holder?: string | undefined }): {
  holder?: string;
} {
  const { customerNo, holder } = account;
  if (holder === undefined) return {};
  return { holder: createHash('sha256').update(`holder:${customerNo}:${holder}`).digest('hex').slice(0, 32) };
}

/** Both are known, and not the same: the account was transferred (过户) in between. */
export function isAnotherHolder(a: { readonly holder?: string }, b: { readonly holder?: string }): boolean {
  return a.holder !== undefined && b.holder !== undefined && a.holder !== b.holder;
}

const PURPOSE = 'bianmin account holders';
/** As it was kept before it was sealed: whoever had the database could try names and numbers until one fits. */
const IN_CLEAR = /^[0-9a-f]{32}$/u;

/** A holder's digest as it is stored; `seal`: of any purpose, under the keys of this one. */
export function sealHolder(seal: NumberSeal, holder: string): string {
  return seal.sealsAll ? seal.beside(PURPOSE).seal(holder) : holder;
}

export function openHolder(seal: NumberSeal, stored: string): string {
  return IN_CLEAR.test(stored) ? stored : seal.beside(PURPOSE).open(stored);
}

/** Every form in which it may be stored. */
export function holderSpellings(seal: NumberSeal, holder: string): string[] {
  return [...seal.beside(PURPOSE).spellings(holder), holder];
}
