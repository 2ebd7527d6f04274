import { LIMITS } from '../../../../server/src/kernel/limits.ts';
import type { Trouble } from './troubles.ts';

/** What a request may take longer than its deadline, ms. */
export const OVER_MS = 250;

/** Who asks, and how long each waits for an answer, ms. */
const WAITS = {
  terminal: LIMITS.client.terminal,
  phone: LIMITS.client.terminal,
  staff: LIMITS.client.console,
} as const;
export type Asker = keyof typeof WAITS;

/** A time of the monotonic clock, ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface LongRequest extends Span {
  readonly asker: Asker;
  readonly what: string;
}

/** A request that took longer than it may. */
export interface LateRequest {
  readonly asker: Asker;
  readonly what: string;
  readonly tookMs: number;
  /** Than its deadline, ms. */
  readonly overMs: number;
  /** For how much of that the judge himself stood still, ms. */
  readonly judgeLateMs: number;
}

/** How long every request of the evening took. */
export class RequestTimes {
  readonly #long: LongRequest[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** One try of a request, however it ends. */
  async timed<T>(asker: Asker, what: string, call: () => Promise<T>): Promise<T> {
    const fromMs = performance.now();
    this.#count += 1;
    try {
      return await call();
    } finally {
      this.note({ asker, what, fromMs, toMs: performance.now() });
    }
  }

  /** What came in time by every measure is forgotten. */
  note(request: LongRequest): void {
    if (request.toMs - request.fromMs > LIMITS.request) this.#long.push(request);
  }

  /**
   * Those that were late, the worst first. Web says within its own time that it cannot; its caller's patience counts only for a
   * request that met a trouble in front of web, where nobody was who could have said so.
   */
  late(inFront: readonly Span[], lag: { within(fromMs: number, toMs: number): number }): LateRequest[] {
    return this.#long
      .map((request) => {
        const { asker, what, fromMs, toMs } = request;
        const deadlineMs = inFront.some((trouble) => overlap(trouble, request))
          ? WAITS[asker]
          : LIMITS.request;
        const tookMs = toMs - fromMs;
        const judgeLateMs = lag.within(fromMs + deadlineMs, toMs);
        return { asker, what, tookMs, overMs: Math.max(0, tookMs - deadlineMs), judgeLateMs };
      })
      .filter(({ overMs }) => overMs > 0)
      .sort((a, b) => b.overMs - a.overMs);
  }
}

/** Whether it stands between those who ask and every web process, so that none can say that it is not in time. */
export function isInFront({ what, whom }: Pick<Trouble, 'what' | 'whom'>, nodes: 1 | 2): boolean {
  if (whom === 'nginx' || whom === 'haproxy') return true;
  if (whom === 'web') return nodes === 1 || what === 'cut' || what === 'spoil';
  return false;
}

/** Later than allowed, and not by the judge's own fault. */
export function isOverdue({ overMs, judgeLateMs }: LateRequest): boolean {
  return overMs - judgeLateMs > OVER_MS;
}

function overlap(one: Span, other: Span): boolean {
  return one.fromMs < other.toMs && other.fromMs < one.toMs;
}
