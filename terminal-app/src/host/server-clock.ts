import type { Clock } from '@bianmin/card/clock';
import type { HttpCall } from '@bianmin/purchase/api/http-call';
import type { ClockStatus } from '../ipc/map.ts';

/** Answers that the difference is the median of: one slow or wrong one decides nothing. */
const SAMPLES = 5;
/** Before so many nothing is said. */
const ENOUGH = 3;
/** `Date` is in whole seconds, cut off (RFC 9110 §5.6.7): on average half a second too early. */
const CUT_OFF_MS = 500;
/** Smaller changes of the difference are not told of. */
const STEADY_MS = 3_000;

/** How far this machine's clock is from the server's, as the server's answers say by their `Date`. */
export class ServerClock {
  readonly #clock: Clock;
  readonly #toleranceMs: number;
  readonly #onChange: (status: ClockStatus) => void;
  #samples: number[] = [];
  #told: ClockStatus | null = null;

  constructor(init: {
    readonly clock: Clock;
    /** A clock is wrong that is further off than this. */
    readonly toleranceMs: number;
    readonly onChange: (status: ClockStatus) => void;
  }) {
    this.#clock = init.clock;
    this.#toleranceMs = init.toleranceMs;
    this.#onChange = init.onChange;
  }

  /** Ours less the server's, ms; null while too little was heard. */
  get skewMs(): number | null {
    if (this.#samples.length < ENOUGH) return null;
    const sorted = [...this.#samples].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? null;
  }

  /** The server's wall clock as far as it is known, else ours; ms since the epoch. */
  now(): number {
    return this.#clock.now() - (this.skewMs ?? 0);
  }

  /** The same HTTP, of whose answers the dates are heard. */
  listening(http: HttpCall): HttpCall {
    return async (request) => {
      const asked = this.#clock.monotonic();
      const answer = await http(request);
      const roundTripMs = this.#clock.monotonic() - asked;
      const date = Object.entries(answer.headers).find(([name]) => name.toLowerCase() === 'date')?.[1];
      const at = typeof date === 'string' ? Date.parse(date) : Number.NaN;
      if (!Number.isNaN(at)) this.#hear(this.#clock.now() - roundTripMs / 2 - (at + CUT_OFF_MS));
      return answer;
    };
  }

  #hear(skewMs: number): void {
    this.#samples = [...this.#samples, skewMs].slice(-SAMPLES);
    const now = this.skewMs;
    if (now === null) return;
    const status = { skewMs: Math.round(now), wrong: Math.abs(now) > this.#toleranceMs };
    const told = this.#told;
    if (told?.wrong === status.wrong && Math.abs(told.skewMs - status.skewMs) < STEADY_MS) return;
    this.#told = status;
    this.#onChange(status);
  }
}
