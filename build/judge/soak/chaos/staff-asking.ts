import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from '@bianmin/card/errors';
import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';
import { z } from 'zod';
import { Operator } from '../../../run/dev/operator.ts';
import type { Stack } from '../../../run/dev/stack-contract.ts';
import type { RequestTimes } from './deadlines.ts';

const EVERY_MS = 1_000;
const QUESTIONS = [
  { path: '/v1/admin/orders/search', method: 'POST', body: {} },
  { path: '/v1/admin/cases' },
] as const;

/** One of the staff who looks at orders and cases all evening. */
export class StaffAsking {
  readonly #failures = new Map<string, number>();
  readonly #operator: Operator;
  readonly #times: RequestTimes;
  readonly #over = new AbortController();
  readonly #asking: Promise<void>;

  private constructor(operator: Operator, times: RequestTimes) {
    this.#operator = operator;
    this.#times = times;
    this.#asking = this.#ask();
  }

  static async begin(
    stack: Pick<Stack, 'urls' | 'adminPassword'>,
    times: RequestTimes,
  ): Promise<StaffAsking> {
    const who = { name: 'admin', password: stack.adminPassword, limitMs: CLIENT_LIMITS_MS.console };
    return new StaffAsking(await Operator.login(stack, who), times);
  }

  /** What was not answered as it should be, by code, and how often. */
  refused(): string {
    return [...this.#failures].map(([code, times]) => `${code} ${times}`).join(', ') || 'never';
  }

  async end(): Promise<void> {
    this.#over.abort();
    await this.#asking;
  }

  async #ask(): Promise<void> {
    for (let n = 0; !this.#over.signal.aborted; n += 1) {
      const question = QUESTIONS[n % QUESTIONS.length] ?? QUESTIONS[0];
      try {
        await this.#times.timed('staff', question.path, () => this.#operator.call(question, z.unknown()));
      } catch (error) {
        const code = codeOf(error) ?? String(error).slice(0, 80);
        this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
      }
      await sleep(EVERY_MS, undefined, { signal: this.#over.signal }).catch(() => undefined);
    }
  }
}
