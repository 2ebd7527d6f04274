import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '@bianmin/card/clock';
import type { KeyRing } from '../../kernel/key-ring.ts';
import { KeyHolderStore, type KeyHolder } from './key-holders.ts';
import { checkOf, KeyRecordStore } from './key-records.ts';
import { sealUnderUsed } from './open-keys.ts';

export interface AgreementInit {
  readonly db: Connection;
  readonly keys: KeyRing;
  /** The secrets of tokens. */
  readonly tokens: KeyRing;
  readonly kind: KeyHolder['kind'];
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * When a new version is sealed under: as soon as every process that lives has it, so that none meets a value that it cannot open. A
 * process says which versions it has before it looks at what is used, and refuses to begin without one that is proposed; who
 * begins to use one proposes it first and then looks once more who lives: whichever comes first, the other sees it.
 */
export class KeyAgreement {
  readonly #keys: KeyRing;
  readonly #tokens: KeyRing;
  readonly #records: KeyRecordStore;
  readonly #holders: KeyHolderStore;
  readonly #kind: KeyHolder['kind'];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #id = randomUUID();

  constructor({ db, keys, tokens, kind, clock }: AgreementInit) {
    this.#keys = keys;
    this.#tokens = tokens;
    this.#records = new KeyRecordStore(db);
    this.#holders = new KeyHolderStore(db);
    this.#kind = kind;
    this.#clock = clock;
  }

  /** That this process lives, and with which versions: before `openKeys`. */
  async announce(): Promise<void> {
    const { versions } = this.#keys;
    const tokens = this.#tokens.versions.map((version) => checkOf(this.#tokens, version));
    await this.#holders.say({ _id: this.#id, kind: this.#kind, at: this.#now(), versions, tokens });
  }

  /** One look; gives 1 where something changed. */
  async round(): Promise<number> {
    await this.announce();
    const { sealing, sealsAll } = this.#keys;
    const signing = this.#tokens.sealing;
    sealUnderUsed(this.#keys, await this.#records.all());
    await this.#takeUpNewest();
    await this.#sealAll();
    await this.#signTokens();
    const isSame =
      this.#keys.sealing === sealing && this.#keys.sealsAll === sealsAll && this.#tokens.sealing === signing;
    return isSame ? 0 : 1;
  }

  /** Rejects never: the process ends, and the others see that it is gone. */
  async leave(): Promise<void> {
    await this.#holders.leave(this.#id).catch(() => undefined);
  }

  async #takeUpNewest(): Promise<void> {
    const newest = this.#keys.versions.at(-1) ?? 1;
    if (newest <= this.#keys.sealing || !(await this.#allHave(newest))) return;
    await this.#records.mark(newest, { proposedAt: this.#now() });
    if (!(await this.#allHave(newest))) return;
    await this.#records.mark(newest, { usedSince: this.#now() });
    await this.#records.refilled(newest);
    this.#keys.sealWith(newest);
  }

  /** What earlier servers kept in clear is sealed once none of them runs any more. */
  async #sealAll(): Promise<void> {
    if (this.#keys.sealsAll) return;
    const now = this.#now();
    if ((await this.#records.sealedAllSince()) === undefined) {
      if (await this.#anEarlierLives(now)) return;
      await this.#records.shutOutEarlier();
      if (await this.#anEarlierLives(now)) return;
      await this.#records.sealAll(now);
    }
    this.#keys.sealsAll = true;
  }

  /** A process that says how it is, and not which keys it has. */
  async #anEarlierLives(now: Date): Promise<boolean> {
    const [processes, holders] = [await this.#holders.processes(now), await this.#holders.living(now)];
    return processes > holders.length;
  }

  /** Tokens are over before long and nothing is kept under them: the newest secret that all have by now, and no record of it. */
  async #signTokens(): Promise<void> {
    const living = await this.#holders.living(this.#now());
    const version = this.#tokens.versions.findLast((each) => {
      const check = checkOf(this.#tokens, each);
      return living.every(({ tokens }) => tokens?.includes(check) === true);
    });
    if (version !== undefined) this.#tokens.sealWith(version);
  }

  async #allHave(version: number): Promise<boolean> {
    const living = await this.#holders.living(this.#now());
    return living.every(({ versions }) => versions.includes(version));
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
