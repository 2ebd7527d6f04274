import { createHash } from 'node:crypto';

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
