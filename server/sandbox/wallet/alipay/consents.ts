import { randomBytes } from 'node:crypto';

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
