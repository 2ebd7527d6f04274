import { Counter, Gauge, type Registry } from 'prom-client';
import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';

/** How long an answer is good: scraping more often, or twice, asks nothing anew. */
const FRESH_MS = 10_000;

/** One value of a gauge, with its labels. */
interface Sample<L extends string> {
  readonly labels: Readonly<Partial<Record<L, string>>>;
  readonly value: number;
}

export interface Asked<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
  readonly ask: () => Promise<readonly Sample<L>[]>;
}

/**
 * Gauges whose values are asked for when metrics are read, every ten seconds at most. One that cannot be had is absent
 * and counted, so that it neither lies nor takes the others with it.
 */
export class AskedGauges {
  readonly #registry: Registry;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #log: Logger;
  readonly #failures: Counter<'metric'>;

  constructor(init: { registry: Registry; clock: Pick<Clock, 'monotonic'>; log: Logger }) {
    this.#registry = init.registry;
    this.#clock = init.clock;
    this.#log = init.log;
    this.#failures = new Counter({
      name: 'bianmin_metric_failures_total',
      help: 'Metrics that could not be asked for, by their name.',
      labelNames: ['metric'],
      registers: [this.#registry],
    });
  }

  add<L extends string>({ name, help, labels, ask }: Asked<L>): void {
    const [clock, failures, log] = [this.#clock, this.#failures, this.#log];
    let until = -Infinity;
    let asking: Promise<void> | undefined;
    const gauge: Gauge<L> = new Gauge({
      ...{ name, help, labelNames: [...labels], registers: [this.#registry] },
      async collect() {
        if (clock.monotonic() < until) return;
        await (asking ??= answer().finally(() => (asking = undefined)));
      },
    });
    const empty = (): void => {
      gauge.reset();
      // Without labels it is nought after a reset, which would be a value.
      if (labels.length === 0) gauge.remove();
    };
    const answer = async (): Promise<void> => {
      try {
        const samples = await ask();
        empty();
        for (const { labels: of, value } of samples) gauge.set(of as Record<L, string>, value);
        until = clock.monotonic() + FRESH_MS;
      } catch (error) {
        empty();
        failures.inc({ metric: name });
        log.warn({ err: error, metric: name }, 'a metric could not be asked for');
      }
    };
  }
}
