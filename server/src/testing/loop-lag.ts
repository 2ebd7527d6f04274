/** How often the loop is looked at, ms. */
const EVERY_MS = 20;
/** Less is not kept, ms: timers are never exact. */
const LEAST_MS = 15;

interface Block {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When this process could not turn, so that a judge who was late himself is known. */
export class LoopLag {
  readonly #blocks: Block[] = [];
  readonly #timer: NodeJS.Timeout;
  #last = performance.now();

  constructor() {
    this.#timer = setInterval(() => {
      this.turned(performance.now());
    }, EVERY_MS).unref();
  }

  /** The loop turned at this moment, ms. */
  turned(nowMs: number): void {
    const lateMs = nowMs - this.#last - EVERY_MS;
    if (lateMs > LEAST_MS) this.#blocks.push({ fromMs: nowMs - lateMs, toMs: nowMs });
    this.#last = nowMs;
  }

  /** The longest block, ms. */
  get longestMs(): number {
    return this.#blocks.reduce((longest, { fromMs, toMs }) => Math.max(longest, toMs - fromMs), 0);
  }

  /** For how much of that time it could not turn, ms. */
  within(fromMs: number, toMs: number): number {
    return this.#blocks.reduce((sum, block) => {
      const shared = Math.min(toMs, block.toMs) - Math.max(fromMs, block.fromMs);
      return sum + Math.max(0, shared);
    }, 0);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
