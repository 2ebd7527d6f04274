import { sign, type KeyObject } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { SignedTime } from '@bianmin/purchase/api/time';
import { p256KeyOf } from './p256-key.ts';

/**
 * The time for boxes that wake in 1970 and cannot judge a certificate yet; what it is and how it is believed is in
 * docs/protocol/box-shell.md, "The time".
 */
export class TimeSigner {
  readonly #key: KeyObject;
  readonly #clock: Clock;

  /** `key`: EC P-256, PKCS#8, base64. Throws where it is none, without saying it. */
  constructor(key: string, clock: Clock) {
    this.#key = p256KeyOf(key, 'TIME_SIGN_KEY');
    this.#clock = clock;
  }

  sign(nonce: string): SignedTime {
    const time = this.#clock.now();
    const signed = Buffer.from(`bianmin-time\n${nonce}\n${time}`, 'utf8');
    const signature = sign('sha256', signed, { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return { time, nonce, signature: signature.toString('base64url') };
  }
}
