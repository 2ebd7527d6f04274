import { KeyedDigest } from '../../kernel/keyed-digest.ts';
import { versionOf, type KeySource } from '../../kernel/key-ring.ts';

/** Before a digest that was made with a key; those without it were made of the wallet's number alone, the same in every order. */
const KEYED = '~';

/** What an order keeps of who pays it at a wallet: to know them again within this order, and in no other. */
export class PayerDigest {
  readonly #digest: KeyedDigest;

  constructor(keys: KeySource) {
    // 96 bits, enough within an order.
    this.#digest = new KeyedDigest(keys, 'bianmin payers', { encoding: 'base64url', length: 16 });
  }

  of(who: Payer): string {
    return KEYED + this.#digest.of(textOf(who));
  }

  fits(who: Payer, payer: string): boolean {
    return payer.startsWith(KEYED) && this.#digest.fits(textOf(who), payer.slice(KEYED.length));
  }

  /** The key's version; undefined where there was no key. */
  static versionOf(payer: string): number | undefined {
    return payer.startsWith(KEYED) ? versionOf(payer.slice(KEYED.length)).version : undefined;
  }
}

/** Somebody at a wallet, paying one order. */
export interface Payer {
  readonly orderNo: string;
  readonly channel: string;
  /** The wallet's own number of them. */
  readonly payerId: string;
}

function textOf({ orderNo, channel, payerId }: Payer): string {
  return `${orderNo}\n${channel}\n${payerId}`;
}
