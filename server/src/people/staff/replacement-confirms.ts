import type { Logger } from 'pino';
import type { CaseSink } from '../../orders/model/case-sink.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { GridError } from '../../gateways/grid/error.ts';
import type { ReplacementStore } from './replacements-store.ts';

const BATCH = 50;

/** Telling the grid that a replacement card is written: at once, and again now and then until it has heard. */
export class ReplacementConfirms {
  readonly #store: ReplacementStore;
  readonly #grid: GridGateway;
  readonly #cases: CaseSink;
  readonly #log: Logger;

  constructor(init: { store: ReplacementStore; grid: GridGateway; cases: CaseSink; log: Logger }) {
    this.#store = init.store;
    this.#grid = init.grid;
    this.#cases = init.cases;
    this.#log = init.log;
  }

  /** Everything that the grid has not heard of; gives how many it now has. */
  async resume(): Promise<number> {
    let told = 0;
    for (const requestNo of await this.#store.unconfirmed(BATCH)) {
      if (await this.tell(requestNo)) told += 1;
    }
    return told;
  }

  /** False where the grid did not answer. Where it will never hear of it, that is a case. */
  async tell(requestNo: string): Promise<boolean> {
    const replacement = await this.#store.get(requestNo);
    if (replacement?.unconfirmed !== true) return true;
    try {
      await this.#grid.confirmWrite(requestNo, replacement.imageDigest ?? '');
    } catch (error) {
      if (!(error instanceof GridError)) throw error;
      this.#log.warn({ err: error, requestNo }, 'the grid has not heard of a replacement card');
      if (error.code !== 'grid.refused') return false;
      await this.#cases.open({
        kind: 'grid-disagrees',
        orderNo: replacement.openOrderNo ?? requestNo,
        key: requestNo,
        facts: { requestNo, refusal: error.refusal ?? 'other' },
      });
    }
    await this.#store.confirmed(requestNo);
    return true;
  }
}
