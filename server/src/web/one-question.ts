import { systemClock } from '@bianmin/card/node/system-clock';

/** A question without an answer is given up then, and asked anew: its connection may be dead without knowing it, ms. */
const GIVEN_UP_MS = 10_000;

/** Asks whether somebody answers, one question at a time: where the last one is still open, that one is waited for. */
export class OneQuestion {
  readonly #ask: () => Promise<unknown>;
  #open: { readonly since: number; readonly answered: Promise<boolean> } | undefined;

  constructor(ask: () => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Whether the answer came within so many ms, and was no failure. */
  async answers(withinMs: number): Promise<boolean> {
    const now = systemClock.monotonic();
    if (this.#open === undefined || now - this.#open.since > GIVEN_UP_MS) this.#begin(now);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, withinMs, false);
    });
    try {
      return await Promise.race([this.#open?.answered ?? false, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #begin(since: number): void {
    const answered = this.#ask().then(
      () => true,
      () => false,
    );
    const open = { since, answered };
    this.#open = open;
    void answered.then(() => {
      if (this.#open === open) this.#open = undefined;
    });
  }
}
