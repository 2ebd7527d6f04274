import { Dice } from '@bianmin/card/testing/dice';

/**
 * What happens to one purchase:
 * - `pulled`: the card is taken out in the middle of the write. `server`: the web process dies as the money comes.
 * - `reload`, `crash`: the page is loaded again, or its process dies. `host`: the kiosk's host dies.
 * - `host-frozen`, `page-frozen`: the host or the page stands still and goes on.
 */
export type KioskMishap = 'none' | 'pulled' | 'server' | 'reload' | 'crash' | 'host' | Frozen;
type Frozen = 'host-frozen' | 'page-frozen';

/** When: while the code is on the screen, or as soon as it is paid. */
type KioskMoment = 'pay' | 'paid';

/** One that stands still does so at any step: at a question, at the code, as the money comes, in the middle of the write. */
const FREEZE_STEPS = ['who', 'amount', 'pay', 'paid', 'writing'] as const;

export interface FreezePlan {
  readonly what: Frozen;
  readonly when: (typeof FREEZE_STEPS)[number];
  readonly ms: number;
}

export interface KioskPlan {
  readonly what: Exclude<KioskMishap, Frozen>;
  readonly when: KioskMoment;
  /** After how many of the write's commands a pulled card leaves. */
  readonly apdus: number;
}

/** Page and host go on through these: memory can be compared over them. */
const SURVIVED = { none: 88, pulled: 10, server: 2 } as const;
const RESTARTED = { none: 30, pulled: 10, server: 6, reload: 18, crash: 18, host: 18 } as const;

const SHORTEST_FREEZE_MS = 5_000;
/** What chance is counted in. */
const PARTS = 1_000_000;

/** Draws from a seed; the n-th purchase has the same mishap in every run. */
export class KioskMishaps {
  readonly #dice: Dice;

  constructor(random: () => number) {
    this.#dice = new Dice(random);
  }

  /** `restarts`: the kiosk's own processes may die, too. */
  next(restarts: boolean): KioskPlan {
    const what = this.#dice.weighted<KioskPlan['what']>(
      restarts ? RESTARTED : { ...RESTARTED, reload: 0, crash: 0, host: 0, ...SURVIVED },
    );
    return { what, when: this.#dice.pick<KioskMoment>(['pay', 'paid']), apdus: 1 + this.#dice.below(14) };
  }

  /** The n-th freeze: every step of both comes once before any comes again. The longest are rare. */
  freeze(n: number, longestMs: number): FreezePlan {
    const what = n % 2 === 0 ? 'host-frozen' : 'page-frozen';
    const when = FREEZE_STEPS[Math.floor(n / 2) % FREEZE_STEPS.length] ?? 'pay';
    const doublings = Math.log2(Math.max(1, longestMs / SHORTEST_FREEZE_MS));
    const ms = Math.round(SHORTEST_FREEZE_MS * 2 ** ((doublings * this.#dice.below(PARTS)) / PARTS));
    return { what, when, ms };
  }
}
