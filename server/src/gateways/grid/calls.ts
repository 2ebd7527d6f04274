import type { Clock } from '@bianmin/card/clock';
import { callMs } from '../../kernel/time-left.ts';
import { Breaker, type BreakerLimits } from './breaker.ts';
import type { CryptoTime } from './crypto-time.ts';
import { GridError } from './error.ts';
import { Gate, type GateLimits } from './gate.ts';
import { OPERATIONS, OPERATION_NAMES, type Operation } from './wire/operations.ts';

/** One finished call, for metrics. */
export interface GridCall {
  readonly operation: Operation;
  readonly outcome: 'ok' | 'refused' | 'unavailable' | 'unknown';
  /** Waiting included. */
  readonly ms: number;
  /** Of which in SM2, SM3 and SM4. */
  readonly cryptoMs: number;
}

export interface GridCallsInit {
  readonly clock: Clock;
  /** Longest wait of a call for its turn, ms. */
  readonly timeoutMs: number;
  readonly limits?: Partial<Record<Operation, GateLimits>>;
  readonly breaker?: BreakerLimits;
  /** Whether the grid is asked for our credit there; absent: it has no answer, and nothing is sent. */
  readonly asksVendorCredit?: boolean;
  /** Whether the grid cancels sales that are on their cards; absent: it does not. */
  readonly cancelsWritten?: boolean;
  /** The same of meters that the grid reads from afar. */
  readonly asksMeters?: boolean;
  readonly onCall?: (call: GridCall) => void;
  /** Given what tells whether calls are held back at the moment. */
  readonly onBreaker?: (isOpen: () => boolean) => void;
}

/** Sales and writes go first: a run on `identify` may not hold them up. */
const DEFAULT_LIMITS: GateLimits = { concurrency: 32, queue: 256 };
const DEFAULT_BREAKER: BreakerLimits = { failures: 10, coolMs: 3_000 };

/** What every adapter does around a call: a gate for each operation, one breaker, the three errors, a report. */
export class GridCalls {
  readonly #init: GridCallsInit;
  readonly #breaker: Breaker;
  readonly #gates: ReadonlyMap<Operation, Gate>;

  constructor(init: GridCallsInit) {
    const { clock, limits } = init;
    this.#init = init;
    this.#breaker = new Breaker(init.breaker ?? DEFAULT_BREAKER, clock);
    init.onBreaker?.(() => this.#breaker.open);
    this.#gates = new Map(
      OPERATION_NAMES.map((name) => [name, new Gate(limits?.[name] ?? DEFAULT_LIMITS, clock)] as const),
    );
  }

  /** Does the work when its turn comes. `spent` collects what cryptography takes. Throws nothing but `GridError`. */
  async run<T>(operation: Operation, work: (spent: CryptoTime) => Promise<T>): Promise<T> {
    const { clock, timeoutMs, onCall } = this.#init;
    const start = clock.monotonic();
    const spent: CryptoTime = { ms: 0 };
    const report = (outcome: GridCall['outcome']): void =>
      onCall?.({ operation, outcome, ms: clock.monotonic() - start, cryptoMs: spent.ms });
    try {
      const gate = this.#gates.get(operation) as Gate;
      const answer = await gate.run(() => this.#breaker.run(() => work(spent)), callMs(timeoutMs));
      report('ok');
      return answer;
    } catch (cause) {
      const error = typed(operation, cause);
      report(
        error.code === 'grid.refused' ? 'refused' : error.code === 'grid.unknown' ? 'unknown' : 'unavailable',
      );
      throw error;
    }
  }
}

/** An operation without effect cannot have happened: its silence is `grid.unavailable`. */
function typed(operation: Operation, cause: unknown): GridError {
  const error =
    cause instanceof GridError
      ? cause
      : new GridError({
          code: 'grid.unknown',
          message: 'The call to the grid failed unexpectedly. Ask what became of the request.',
          cause,
          context: { operation },
        });
  if (error.code !== 'grid.unknown' || OPERATIONS[operation].effect) return error;
  return new GridError({
    code: 'grid.unavailable',
    message: 'The grid did not answer a question; nothing can have changed. Try again shortly.',
    cause: error,
    context: { ...error.context, operation },
  });
}
