import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock } from '@bianmin/shared/clock';
import type { CodeStore, OneTimeCode } from './code-store.ts';

/** `spent`: expired, tried too often, or never made. Which of them is not said. */
export type CodeCheck =
  { readonly is: 'right'; readonly code: OneTimeCode } | { readonly is: 'wrong' | 'spent' };

/** Tries to count a try against others that come at the same moment. */
const RACES = 8;

/** Six-digit codes for one use, kept as keyed digests. */
export class OneTimeCodes {
  readonly #store: CodeStore;
  readonly #clock: Clock;
  readonly #key: Buffer;
  readonly #draw: () => number;

  constructor(init: { store: CodeStore; clock: Clock; key: Buffer; draw?: () => number }) {
    this.#store = init.store;
    this.#clock = init.clock;
    this.#key = init.key;
    this.#draw = init.draw ?? (() => randomInt(1_000_000));
  }

  /** A new code under this name, in place of any before it. */
  async make(name: string, lifeMs: number): Promise<{ code: string; expiresAt: Date }> {
    const code = String(this.#draw()).padStart(6, '0');
    const expiresAt = new Date(this.#clock.now() + lifeMs);
    await this.#store.put({ _id: name, mac: this.#mac(name, code), tries: 0, expiresAt });
    return { code, expiresAt };
  }

  /** Counts the try first, so that many at once are no more than the same one by one. A right code stays. */
  async check(name: string, given: string, maxTries: number): Promise<CodeCheck> {
    for (let race = 0; race < RACES; race += 1) {
      const code = await this.#store.get(name);
      if (code === null || code.expiresAt.getTime() <= this.#clock.now() || code.tries >= maxTries) {
        return { is: 'spent' };
      }
      if (!(await this.#store.countTry(code))) continue;
      const right = timingSafeEqual(Buffer.from(code.mac, 'hex'), Buffer.from(this.#mac(name, given), 'hex'));
      if (!right) return { is: code.tries + 1 >= maxTries ? 'spent' : 'wrong' };
      await this.#store.returnTry(code);
      return { is: 'right', code };
    }
    return { is: 'spent' };
  }

  /** Uses a right code up; false where it was used up before. */
  take(code: OneTimeCode): Promise<boolean> {
    return this.#store.take(code);
  }

  /** Ties a right code to the terminal where it was shown; false where it was shown at another. */
  tie(code: OneTimeCode, terminalId: string): Promise<boolean> {
    return this.#store.tie(code, terminalId);
  }

  #mac(name: string, code: string): string {
    return createHmac('sha256', this.#key).update(`${name}\n${code}`).digest('hex');
  }
}
