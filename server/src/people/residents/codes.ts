import { randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { KeyedDigest } from '../../kernel/keyed-digest.ts';
import type { KeySource } from '../../kernel/key-ring.ts';
import type { CodeStore, OneTimeCode } from './code-store.ts';

/** `spent`: expired, tried too often, or never made. Which of them is not said. */
export type CodeCheck =
  { readonly is: 'right'; readonly code: OneTimeCode } | { readonly is: 'wrong' | 'spent' };

/** Tries to count a try against others that come at the same moment. */
const RACES = 8;

/**
 * Six-digit codes for one use, kept as keyed digests. A code's name has a sealed number in it, so that it has several while keys are
 * being changed: the first is the one of now.
 */
export class OneTimeCodes {
  readonly #store: CodeStore;
  readonly #clock: Clock;
  readonly #digest: KeyedDigest;
  readonly #draw: () => number;

  constructor(init: { store: CodeStore; clock: Clock; keys: KeySource; draw?: () => number }) {
    this.#store = init.store;
    this.#clock = init.clock;
    this.#digest = new KeyedDigest(init.keys, 'bianmin one-time codes', { encoding: 'hex' });
    this.#draw = init.draw ?? (() => randomInt(1_000_000));
  }

  /** A new code under the first of these names, in place of any before it under one of them. */
  async make(names: readonly string[], lifeMs: number): Promise<{ code: string; expiresAt: Date }> {
    const [name = '', ...others] = names;
    const code = String(this.#draw()).padStart(6, '0');
    const expiresAt = new Date(this.#clock.now() + lifeMs);
    await this.#store.put({ _id: name, mac: this.#digest.of(saidOf(name, code)), tries: 0, expiresAt });
    if (others.length > 0) await this.#store.remove(others);
    return { code, expiresAt };
  }

  /** Counts the try first, so that many at once are no more than the same one by one. A right code stays. */
  async check(names: readonly string[], given: string, maxTries: number): Promise<CodeCheck> {
    let last: CodeCheck = { is: 'spent' };
    for (const name of names) {
      last = await this.#check(name, given, maxTries);
      if (last.is !== 'spent') break;
    }
    return last;
  }

  async #check(name: string, given: string, maxTries: number): Promise<CodeCheck> {
    for (let race = 0; race < RACES; race += 1) {
      const code = await this.#store.get(name);
      if (code === null || code.expiresAt.getTime() <= this.#clock.now() || code.tries >= maxTries) {
        return { is: 'spent' };
      }
      if (!(await this.#store.countTry(code))) continue;
      if (!this.#digest.fits(saidOf(name, given), code.mac))
        return { is: code.tries + 1 >= maxTries ? 'spent' : 'wrong' };
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
}

function saidOf(name: string, code: string): string {
  return `${name}\n${code}`;
}
