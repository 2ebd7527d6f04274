import { randomBytes } from 'node:crypto';
import type { Incoming } from './http.ts';
import type { WalletName } from './model.ts';

/** Codes of payers who let a page know who they are; each works once. */
export class Consents {
  readonly #codes = new Map<string, string>();

  /** A new code of this payer. */
  give(payer: string): string {
    const code = randomBytes(16).toString('hex');
    this.#codes.set(code, payer);
    return code;
  }

  take(code: string): string | undefined {
    const payer = this.#codes.get(code);
    this.#codes.delete(code);
    return payer;
  }
}

/** Who a browser has been at a wallet since it first consented: its account there, kept as a cookie. */
export function payerOfBrowser(wallet: WalletName, { headers }: Incoming): string | undefined {
  return new RegExp(`(?:^|; )${wallet}_payer=([\\w-]{10,64})`, 'u').exec(headers.cookie ?? '')?.[1];
}

/** The `Set-Cookie` that `payerOfBrowser` reads. */
export function payerCookie(wallet: WalletName, payer: string): string {
  return `${wallet}_payer=${payer}; Path=/; HttpOnly; SameSite=Lax`;
}
