import { Dice } from '@bianmin/card/testing/dice';

/**
 * What happens to one purchase:
 * - `pulled`: the card is taken out in the middle of the write. `server`: the web process dies as the money comes.
 * - `reload`, `crash`: the page is loaded again, or its process dies. `host`: the kiosk's host dies.
 */
export type KioskMishap = 'none' | 'pulled' | 'server' | 'reload' | 'crash' | 'host';

/** When: while the code is on the screen, or as soon as it is paid. */
type KioskMoment = 'pay' | 'paid';

export interface KioskPlan {
  readonly what: KioskMishap;
  readonly when: KioskMoment;
  /** After how many of the write's commands a pulled card leaves. */
  readonly apdus: number;
}

/** Page and host go on through these: memory can be compared over them. */
const SURVIVED = { none: 88, pulled: 10, server: 2 } as const;
const RESTARTED = { none: 30, pulled: 10, server: 6, reload: 18, crash: 18, host: 18 } as const;

/** Draws from a seed; the n-th purchase has the same mishap in every run. */
export class KioskMishaps {
  readonly #dice: Dice;

  constructor(random: () => number) {
    this.#dice = new Dice(random);
  }

  /** `restarts`: the kiosk's own processes may die, too. */
  next(restarts: boolean): KioskPlan {
    const what = this.#dice.weighted<KioskMishap>(
      restarts ? RESTARTED : { ...RESTARTED, reload: 0, crash: 0, host: 0, ...SURVIVED },
    );
    return { what, when: this.#dice.pick<KioskMoment>(['pay', 'paid']), apdus: 1 + this.#dice.below(14) };
  }
}
