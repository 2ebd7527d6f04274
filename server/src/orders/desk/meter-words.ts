import type { CaseSink } from '../model/case-sink.ts';
import { meterCredited, meterRefused } from '../model/moves/meter.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';
import { countBrought, countFreed, holdsCount } from '../model/moves/undo.ts';
import { heldCountOf, undoneButCredited } from './held-count.ts';
import { contradictionOf } from './contradiction.ts';
import { refusalOf, type MeterWord } from './meter-word.ts';
import type { OrderMover } from './mover.ts';
import { OrdersOfMeter } from './orders-of-meter.ts';
import type { MeterQuestion } from '../store/orders.ts';

/** Hears what a meter says of its newest purchases: that it has them, that it did not take them, or against what was claimed. */
export class MeterWords {
  readonly #grid: string;
  readonly #mover: OrderMover;
  readonly #cases: CaseSink;

  constructor(init: { grid: string; mover: OrderMover; cases: CaseSink }) {
    this.#grid = init.grid;
    this.#mover = init.mover;
    this.#cases = init.cases;
  }

  /**
   * Gives the order that holds the count which would be sold next, if one does: it was undone when it was on a card. Fails where
   * it cannot be kept: the next write, or the next purchase, takes away what contradicted a claim.
   */
  async hear(word: MeterWord): Promise<Order | undefined> {
    return this.heard(word, await OrdersOfMeter.ask(this.#mover.store, this.questionOf(word)));
  }

  /** What `heard` must know of. */
  questionOf(word: MeterWord): MeterQuestion {
    const { meterNo, soldCount } = word;
    return { grid: this.#grid, meterNo, counts: countsOf(word), lateCounts: [soldCount + 1] };
  }

  /** As `hear`, of orders that were asked for with more. */
  async heard(word: MeterWord, orders: OrdersOfMeter): Promise<Order | undefined> {
    for (const count of countsOf(word)) await this.#hearOf(count, { word, orders });
    return this.#heldBy(word, orders);
  }

  async #heldBy(word: MeterWord, orders: OrdersOfMeter): Promise<Order | undefined> {
    const order = orders.ofCount(word.soldCount + 1);
    if (order === null || !holdsCount(order)) return undefined;
    const said = heldCountOf(order, word);
    if (said === 'unheard') return order;
    if (said === 'credited') await this.#cases.open(undoneButCredited(order, word));
    const { order: now } = await this.#mover.move(order, (current) =>
      said === 'free' ? countFreed(current) : countBrought(current, this.#mover.now()),
    );
    orders.became(now);
    return holdsCount(now) ? now : undefined;
  }

  async #hearOf(count: number, { word, orders }: { word: MeterWord; orders: OrdersOfMeter }): Promise<void> {
    const order = orders.ofCount(count);
    if (order === null) return;
    const report = contradictionOf(order, word);
    if (report !== undefined) await this.#cases.open(report);
    const moved = await this.#mover.move(order, (current) => heardOf(current, word, this.#mover.now()));
    orders.became(moved.order);
  }
}

/** The newest sale, and the newest that the meter has: one was often bought elsewhere. There is none before the first. */
function countsOf({ soldCount, creditedCount }: MeterWord): number[] {
  return [...new Set([soldCount, creditedCount ?? 0])].filter((count) => count > 0);
}

function heardOf(order: Order, word: MeterWord, now: Date) {
  if (provesCredit(word, order)) return meterCredited(order, now);
  const refusal = refusalOf(order, word);
  return refusal === undefined ? undefined : meterRefused(order, refusal, now);
}
