import { FAULT_CODE } from '../api/heartbeat.ts';
import type { ChipName } from '../chip/contract.ts';

/** Codes in one beat; what comes after them is counted together. */
const CODES_MAX = 32;
const OTHERS = 'other.codes';

export interface Counted {
  readonly chips: Partial<Record<ChipName, number>>;
  readonly errors: Record<string, number>;
}

/** What is counted between two beats. */
export class BeatCounts {
  #chips = new Map<ChipName, number>();
  #errors = new Map<string, number>();

  /** A card was read. */
  card(chip: ChipName, count = 1): void {
    this.#chips.set(chip, (this.#chips.get(chip) ?? 0) + count);
  }

  /** Something failed; what has no stable code is counted with the others that are not told apart. */
  fault(code = '', count = 1): void {
    const known = this.#errors.has(code) || this.#errors.size < CODES_MAX - 1;
    const key = known && FAULT_CODE.test(code) ? code : OTHERS;
    this.#errors.set(key, (this.#errors.get(key) ?? 0) + count);
  }

  /** All of it, and begins anew. */
  take(): Counted {
    const counted = {
      chips: Object.fromEntries(this.#chips),
      errors: Object.fromEntries(this.#errors),
    };
    this.#chips = new Map();
    this.#errors = new Map();
    return counted;
  }

  /** What could not be told, beside what came meanwhile. */
  putBack({ chips, errors }: Counted): void {
    for (const [chip, count] of Object.entries(chips)) this.card(chip as ChipName, count);
    for (const [code, count] of Object.entries(errors)) this.fault(code, count);
  }
}
