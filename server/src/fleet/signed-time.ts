import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import type { SignedTime } from '@bianmin/shared/api/time';

/**
 * The time for boxes that wake in 1970 and cannot judge a certificate yet; what it is and how it is believed is in
 * docs/protocol/box-shell.md, "The time".
 */
export class TimeSigner {
  readonly #key: KeyObject;
  readonly #clock: Clock;

  /** `key`: EC P-256, PKCS#8, base64. Throws where it is none, without saying it. */
  constructor(key: string, clock: Clock) {
    this.#key = keyOf(key);
    this.#clock = clock;
  }

  sign(nonce: string): SignedTime {
    const time = this.#clock.now();
    const signed = Buffer.from(`bianmin-time\n${nonce}\n${time}`, 'utf8');
    const signature = sign('sha256', signed, { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return { time, nonce, signature: signature.toString('base64url') };
  }
}

function keyOf(text: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    // The parser's own message could quote it.
  }
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error('TIME_SIGN_KEY is no PKCS#8 key of the curve P-256 in base64.');
  }
  return key;
}
