import { randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { createUserRequest } from '@bianmin/purchase/api/admin-users';
import { sha256Hex } from '../kernel/canonical.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { BreakGlassStore } from './store/break-glass.ts';
import type { AuditTrail } from './audit.ts';
import { breakGlassWindows } from './guess-limits.ts';
import type { GuessLimiter } from './guesses.ts';
import type { Setup } from './setup.ts';
import type { Users } from './users.ts';

/** No 0, O, 1, I or L: it is read from paper. 24 of 31 signs are 118 bits, each half 59. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const HALF = 12;

const WHO = { kind: 'system', id: 'break-glass' } as const;
const AT_THE_SERVER = { ip: '', traceId: '' };

export interface BreakGlassInit {
  readonly store: BreakGlassStore;
  readonly users: Pick<Users, 'byBreakGlass'>;
  readonly setup: Pick<Setup, 'linkFor'>;
  readonly guesses: GuessLimiter;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly clock: Clock;
}

/**
 * The way in when nobody is left who could let anybody in: a code on two sheets, sealed and kept by two persons, opens it once, at
 * the server. It lets one administrator in, who allows nothing for a day like any new one, and it sounds an alarm.
 */
export class BreakGlass {
  readonly #init: BreakGlassInit;

  constructor(init: BreakGlassInit) {
    this.#init = init;
  }

  /** The two halves of a new code, to be printed and sealed apart. Codes from before stay good. */
  async seal(by: string): Promise<[first: string, second: string]> {
    const { store, audit, clock } = this.#init;
    const halves: [string, string] = [half(), half()];
    const id = idOf(halves.join(''));
    await audit.record({
      who: WHO,
      action: 'break-glass.seal',
      target: id.slice(0, 16),
      where: AT_THE_SERVER,
      data: { owner: by },
    });
    await store.insert({ _id: id, sealedAt: new Date(clock.now()), sealedBy: by });
    return halves;
  }

  /**
   * Gives the address behind the site's own at which this person sets a password, within an hour. Throws `setup.spent`, where the
   * code is none or was opened before, `request.rate-limited`, `user.name-taken` by a user who is no administrator.
   */
  async open(of: { code: string; name: string; by: string; reason: string }): Promise<string> {
    const { store, users, setup, guesses, audit, clock } = this.#init;
    const { by, reason } = of;
    const name = createUserRequest.shape.name.parse(of.name);
    const id = idOf(of.code);
    const opened = { at: new Date(clock.now()), by, name, reason };
    const trail = { who: WHO, target: id.slice(0, 16), where: AT_THE_SERVER };
    const guess = { factor: 'break-glass', windows: breakGlassWindows(), trail } as const;
    const userId = await guesses.test(guess, async () => {
      if (!(await store.isSealed(id))) return null;
      await audit.record({
        ...trail,
        action: 'break-glass.open',
        data: { userName: name, owner: by, reason },
      });
      const who = await users.byBreakGlass(name);
      return (await store.open(id, opened)) ? who : null;
    });
    if (userId === null) {
      throw new ProblemError({
        code: 'setup.spent',
        message: 'This code is wrong or was opened before. Check both sheets, or open another envelope.',
      });
    }
    return setup.linkFor(userId, name);
  }
}

function half(): string {
  return Array.from({ length: HALF }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

function idOf(code: string): string {
  return sha256Hex(`break-glass:${code.toUpperCase().replaceAll(/[^0-9A-Z]/gu, '')}`);
}
