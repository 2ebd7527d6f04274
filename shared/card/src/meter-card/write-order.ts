import type { Region } from '../chip/region.ts';
import { MeterCardError } from './error.ts';
import type { WritePlan } from './plan.ts';
import { writtenBy } from './stage-writes.ts';

declare const ORDERED: unique symbol;
/** A stage whose writes come in an order that a torn card survives. Only `WriteOrder` makes one, nothing else is run. */
export type OrderedStage = WritePlan & { readonly [ORDERED]: true };

/**
 * The order of a plan's writes over all its stages: the purse, which makes a meter credit, comes after everything else, so
 * that a card that is torn before it has no purchase and one that is torn in it is refused. What takes a sale off begins
 * with the purse.
 */
export class WriteOrder {
  readonly #purse: Region;
  #last: 'nothing' | 'purse' | 'other' = 'nothing';

  /** `purse`: where the card's layout has it. */
  constructor(purse: Region) {
    this.#purse = purse;
  }

  /** Call once with each stage, in order. Fails with `meter-card.plan-refused`. */
  stage(plan: WritePlan): OrderedStage {
    for (const { zone, offset, data } of writtenBy(plan))
      this.#write(plan.kind, { zone, offset, length: data.length });
    return plan as OrderedStage;
  }

  #write(kind: WritePlan['kind'], region: Region): void {
    const purse = this.#purse;
    const overlaps =
      region.zone === purse.zone &&
      region.offset < purse.offset + purse.length &&
      purse.offset < region.offset + region.length;
    const within =
      overlaps &&
      region.offset >= purse.offset &&
      region.offset + region.length <= purse.offset + purse.length;
    const now = overlaps ? 'purse' : 'other';
    const first = kind === 'undo' ? 'other' : 'purse';
    if (overlaps !== within || (this.#last === first && now !== first)) throw outOfOrder();
    this.#last = now;
  }
}

function outOfOrder(): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.plan-refused',
    message:
      'The plan of this write asks for something that is not permitted: its writes come in an order that a pulled card would not survive. Nothing of it was done.',
  });
}
