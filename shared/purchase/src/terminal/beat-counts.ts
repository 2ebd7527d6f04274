import type { ChipName } from '@bianmin/card/chip/contract';
import { FAULT_CODE } from '../api/heartbeat.ts';

/** Codes in one beat; what comes after them is counted together. */
const CODES_MAX = 32;
const OTHERS = 'other.codes';

export interface Counted {
  readonly chips: { chip: ChipName; count: number }[];
  readonly errors: { code: string; count: number }[];
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
      chips: [...this.#chips].map(([chip, count]) => ({ chip, count })),
      errors: [...this.#errors].map(([code, count]) => ({ code, count })),
    };
    this.#chips = new Map();
    this.#errors = new Map();
    return counted;
  }

  /** What could not be told, beside what came meanwhile. */
  putBack({ chips, errors }: Counted): void {
    for (const { chip, count } of chips) this.card(chip, count);
    for (const { code, count } of errors) this.fault(code, count);
  }
}
