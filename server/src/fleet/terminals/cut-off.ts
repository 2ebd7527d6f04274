import type { Clock } from '@bianmin/card/clock';
import { ProblemError } from '../../kernel/problem.ts';
import type { TerminalStatus, TerminalStore } from '../store/terminals.ts';
import { BEAT_KEY_TTL_S } from './beat-keys.ts';
import { assertAccepted } from './tokens.ts';

/** How often it is asked who was cut off. */
export const CUT_OFF_EVERY_MS = 2_000;
/** Older than that, what is known is not believed: no terminal beats until the database says again which may. */
const BELIEVED_MS = 30_000;
/** Processes' clocks may differ by this much. */
const OVERLAP_MS = 60_000;

/**
 * Terminals that an administrator cut off while a key for beats of theirs is still good. They are few, so that a beat asks
 * memory and not the database whether its terminal may still speak.
 */
export class CutOff {
  readonly #store: Pick<TerminalStore, 'cutOffSince'>;
  readonly #clock: Clock;
  #known: ReadonlyMap<string, TerminalStatus> = new Map();
  #believedUntil = -Infinity;

  constructor(init: { store: Pick<TerminalStore, 'cutOffSince'>; clock: Clock }) {
    this.#store = init.store;
    this.#clock = init.clock;
  }

  /** As it was last asked. */
  get ids(): ReadonlySet<string> {
    return new Set(this.#known.keys());
  }

  /** Whether what was asked last still counts: while it does not, no terminal beats. */
  get isKnown(): boolean {
    return this.#clock.monotonic() <= this.#believedUntil;
  }

  /** Asks anew; gives how many there are. */
  async refresh(): Promise<number> {
    const asked = this.#clock.monotonic();
    const since = new Date(this.#clock.now() - BEAT_KEY_TTL_S * 1000 - OVERLAP_MS);
    this.#known = await this.#store.cutOffSince(since);
    this.#believedUntil = asked + BELIEVED_MS;
    return this.#known.size;
  }

  /**
   * Throws `terminal.rejected`, `terminal.suspended` or `terminal.retired`, or `server.unavailable` while it is not known who
   * is cut off.
   */
  assertNot(terminalId: string): void {
    if (!this.isKnown) {
      throw new ProblemError({
        code: 'server.unavailable',
        message: 'The list of suspended terminals cannot be read now. Try again in a moment.',
        retryAfterS: 10,
      });
    }
    const status = this.#known.get(terminalId);
    if (status !== undefined) assertAccepted({ status });
  }
}
