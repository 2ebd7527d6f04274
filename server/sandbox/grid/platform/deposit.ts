import type { GridRefusal } from '../../../src/gateways/grid/error.ts';
import type { VendorCredit } from '../../../src/gateways/grid/vendor-credit.ts';
import { iso } from './day-book.ts';

/** As it is kept. */
export interface DepositState {
  /** fen; null: it bounds nothing, which is how a world begins. */
  readonly availableFen: number | null;
  readonly batch: VendorCredit['batch'];
}

/** The agent's deposit (备付金): each sale takes its face value from it, a reversal gives it back. */
export class Deposit {
  /** How many sales it did not pay for, since this process began. */
  refusals = 0;
  /** The next sale finds nothing left. */
  emptiesAtNextSale = false;
  #state: DepositState;

  constructor(state: DepositState = { availableFen: null, batch: 'open' }) {
    this.#state = state;
  }

  get state(): DepositState {
    return this.#state;
  }

  set(state: DepositState): void {
    this.#state = state;
  }

  /** Money comes in; a deposit that bounded nothing has this much from now on. */
  topUp(fen: number): void {
    this.#state = { ...this.#state, availableFen: (this.#state.availableFen ?? 0) + fen };
  }

  /** Why it does not pay for a sale; undefined: it does. */
  against(faceFen: number): GridRefusal | undefined {
    if (this.emptiesAtNextSale) this.#state = { ...this.#state, availableFen: 0 };
    this.emptiesAtNextSale = false;
    const { availableFen, batch } = this.#state;
    if (batch === 'open' && (availableFen === null || availableFen >= faceFen)) return undefined;
    this.refusals += 1;
    return 'vendor-credit';
  }

  /** What a sale took; 0 where nothing is bounded. */
  take(faceFen: number): number {
    if (this.#state.availableFen === null) return 0;
    this.giveBack(-faceFen);
    return faceFen;
  }

  giveBack(fen: number): void {
    const { availableFen } = this.#state;
    if (availableFen !== null) this.#state = { ...this.#state, availableFen: availableFen + fen };
  }

  /** As the agent is told; null where nothing is bounded. */
  told(now: number): VendorCredit | null {
    const { availableFen, batch } = this.#state;
    return availableFen === null ? null : { availableFen, asOf: iso(now), batch };
  }
}
