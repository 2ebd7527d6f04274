import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { MarkStore } from '../../orders/store/marks.ts';
import type { ChangedOrder, OrderChanges } from '../../orders/store/order-changes.ts';
import { LookBack } from '../../orders/store/look-back.ts';
import { OVERLAP_MS, readChanges } from '../../orders/store/read-changes.ts';
import type { RollupChecker } from './check.ts';
import { incrementsOf, RollupSet } from './rollup.ts';
import type { RollupStore } from './rollup-store.ts';
import { pathOf, terminalIncrements } from './terminal-sums.ts';
import { markOf } from './marks.ts';
import type { Rebuild } from './rebuild.ts';

export interface RollupProjectorInit {
  readonly orders: OrderChanges;
  readonly marks: MarkStore;
  readonly store: RollupStore;
  readonly rebuild: Rebuild;
  readonly checker: RollupChecker;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Counts what happened to orders, each event once. Like the ledger's projector it reads orders by when they changed, from a
 * durable mark, and nothing of an order waits for it. A batch is written down before it is added and a rollup names the last
 * batch that it has, so that it may stop anywhere, begin again, and run twice at once.
 */
export class RollupProjector {
  readonly #init: RollupProjectorInit;
  readonly #back: LookBack;

  constructor(init: RollupProjectorInit) {
    this.#init = init;
    this.#back = new LookBack(init.clock);
  }

  /**
   * Everything that changed up to now; gives how many orders had something new. A rebuild comes first, where it was asked for or
   * there are only rollups of the version before, and a check last.
   */
  async round(): Promise<number> {
    const { orders: changes, marks, store, rebuild, checker, clock } = this.#init;
    const { rebuildAskedAt, withTerminals } = await store.state();
    if (rebuildAskedAt !== undefined || !withTerminals) await rebuild.run();
    const { current, checkAskedAt } = await store.state();
    let counted = 0;
    const backMs = this.#back.nextMs();
    if (backMs > OVERLAP_MS) await store.forgetOlder(new Date(clock.now()));
    const from = { changes, marks, name: markOf(current), backMs };
    await readChanges(from, async (orders) => {
      counted += await this.#count(current, orders);
    });
    if (checkAskedAt !== undefined) {
      const check = await checker.run();
      await store.checked(check, { at: new Date(clock.now()), asked: checkAskedAt });
    }
    return counted;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({ work: () => this.round(), what: 'the statistics', everyMs, clock, log });
  }

  async #count(generation: number, orders: readonly ChangedOrder[]): Promise<number> {
    const { store } = this.#init;
    for (;;) {
      // What is counted is known for sure only once no batch is under way.
      const last = await store.settled(generation);
      const known = await store.counted(
        generation,
        orders.map(({ _id }) => _id),
      );
      const fresh = orders.filter(({ _id, version }) => (known.get(_id) ?? 0) < version);
      if (fresh.length === 0) return 0;
      const set = new RollupSet();
      for (const order of fresh) set.add(order, known.get(order._id));
      const adds = set.takeAll().map((sums) => {
        const { all: _, split: __, ...key } = sums;
        return { key, by: incrementsOf(sums) };
      });
      const terminals = set.terminals.takeAll().map((sums) => ({
        key: { period: sums.period, terminal: sums.terminal, path: pathOf(sums) },
        by: terminalIncrements(sums),
      }));
      const counted = fresh.map(({ _id, version }) => ({ orderNo: _id, n: version }));
      if ((await store.add(generation, { number: last + 1, adds, terminals, counted })) === 'added')
        return fresh.length;
    }
  }
}
