import { randomBytes } from 'node:crypto';

export interface BillFilesInit {
  readonly now: () => number;
  /** Where they are downloaded: `/alipay/bill`. */
  readonly path: string;
  /** How long an address works, ms. */
  readonly lifeMs: number;
}

/** Bills that were asked for and wait for their download. */
export class BillFiles {
  readonly #init: BillFilesInit;
  readonly #files = new Map<string, { readonly packed: Buffer; readonly until: number }>();

  constructor(init: BillFilesInit) {
    this.#init = init;
  }

  /** The address, which works for a while. */
  offer(packed: Buffer, baseUrl: string): string {
    const token = randomBytes(24).toString('base64url');
    this.#files.set(token, { packed, until: this.#init.now() + this.#init.lifeMs });
    return `${baseUrl}${this.#init.path}?token=${token}`;
  }

  take(token: string | null): Buffer | undefined {
    const file = this.#files.get(token ?? '');
    return file !== undefined && this.#init.now() < file.until ? file.packed : undefined;
  }
}
