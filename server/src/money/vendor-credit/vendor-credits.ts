import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { VendorCredit } from '../../gateways/grid/vendor-credit.ts';
import { SELLABLE_STATES } from '../../orders/model/state.ts';
import type { VendorCreditSource } from '../../orders/model/vendor-credit-source.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import type { VendorCreditStore } from './credit-store.ts';

export interface VendorCreditsInit {
  readonly store: VendorCreditStore;
  readonly orders: Pick<OrderStore, 'faceFenIn'>;
  readonly grid: Pick<GridGateway, 'vendorCredit'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Keeps what the grid says of our credit, and holds orders against it. Without its store nothing is held back. */
export class VendorCredits implements VendorCreditSource {
  readonly #init: VendorCreditsInit;
  /** However many orders wait for it. */
  #summing: Promise<void> | undefined;
  #asking: Promise<void> | undefined;

  constructor(init: VendorCreditsInit) {
    this.#init = init;
  }

  hold(faceFen: number): Promise<boolean> {
    return this.#orElse(true, async () => {
      const { store, clock } = this.#init;
      for (;;) {
        const held = await store.hold(faceFen, new Date(clock.now()));
        if (held === 'stale') {
          this.#summing ??= this.#sum().finally(() => {
            this.#summing = undefined;
          });
          await this.#summing;
        } else if (held === 'unasked') {
          this.#asking ??= this.ask().finally(() => {
            this.#asking = undefined;
          });
          await this.#asking;
        } else return held === 'held';
      }
    });
  }

  covers(faceFen: number): Promise<boolean> {
    return this.#orElse(true, async () => {
      if (await this.#isKnownToCover(faceFen)) return true;
      // A top-up is known of by asking alone, and a payer's money waits for it.
      await this.ask();
      return this.#isKnownToCover(faceFen);
    });
  }

  sold(faceFen: number, told?: VendorCredit): Promise<void> {
    const { store } = this.#init;
    return this.#orElse(undefined, () => (told === undefined ? store.noteSold(faceFen) : store.tell(told)));
  }

  refused(): Promise<void> {
    return this.#orElse(undefined, async () => {
      await this.#init.store.noteRefused(new Date(this.#init.clock.now()));
      await this.ask();
    });
  }

  /** Asks the grid. Fails with a `GridError` where it does not answer. */
  async ask(): Promise<void> {
    const { store, grid } = this.#init;
    // What is sold while the question travels may be in the answer or not: it counts as not.
    const sold = await store.sold();
    const credit = await grid.vendorCredit();
    await (credit === null ? store.noteSilent() : store.tell(credit, sold));
  }

  async #isKnownToCover(faceFen: number): Promise<boolean> {
    const { availableFen, batch } = await this.#init.store.known();
    return availableFen === null || (batch === 'open' && availableFen >= faceFen);
  }

  async #sum(): Promise<void> {
    const { store, orders, clock } = this.#init;
    const at = new Date(clock.now());
    const taken = await store.taken();
    await store.summed({ fen: await orders.faceFenIn(SELLABLE_STATES), taken, at });
  }

  async #orElse<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#init.log.warn({ err: error }, 'what we have at the grid could not be looked after');
      return otherwise;
    }
  }
}
