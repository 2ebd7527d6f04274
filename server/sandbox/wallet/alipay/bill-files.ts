import { randomBytes } from 'node:crypto';
import { BILL_ADDRESS_MS } from './constants.ts';

/** Bills that were asked for and wait for their download. */
export class BillFiles {
  readonly #now: () => number;
  readonly #files = new Map<string, { readonly packed: Buffer; readonly until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The address that works for half a minute. */
  offer(packed: Buffer, baseUrl: string): string {
    const token = randomBytes(24).toString('base64url');
    this.#files.set(token, { packed, until: this.#now() + BILL_ADDRESS_MS });
    return `${baseUrl}/alipay/bill?token=${token}`;
  }

  take(token: string | null): Buffer | undefined {
    const file = this.#files.get(token ?? '');
    return file !== undefined && this.#now() < file.until ? file.packed : undefined;
  }
}
