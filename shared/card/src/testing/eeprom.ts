import { PowerCut, type CutHook, type EepromOperation } from './simulated-card.ts';

export interface EepromInit {
  /** Time of one half, ms. */
  readonly halfMs: number;
  /** Bits of a torn byte; see `random.ts`. */
  readonly random: () => number;
}

/** How an operation belongs to the one before it, on chips that pulse bit by bit. */
export interface EepromJoin {
  /** The change of a byte that has begun goes on: no further cycle. */
  readonly sameCycle?: boolean;
  /** The pulse before reaches this byte too: no further time. */
  readonly samePulse?: boolean;
}

/**
 * EEPROM physics shared by the simulated chips: an erase raises bits to 1, a write lowers them to 0, each takes
 * its time, and a cut inside leaves the byte with none, all or any of the bits moved that were to move.
 */
export class Eeprom {
  cutHook: CutHook | undefined;
  /** A worn cell: true leaves the byte as it is although the operation takes its time and seems to succeed. */
  weakHook: CutHook | undefined;
  #ms = 0;
  #cycles = 0;
  readonly #halfMs: number;
  readonly #random: () => number;

  constructor(init: EepromInit) {
    this.#halfMs = init.halfMs;
    this.#random = init.random;
  }

  get ms(): number {
    return this.#ms;
  }

  /** Operations of `change`, `erase`, `write`, or pages told by `cycle`. */
  get cycles(): number {
    return this.#cycles;
  }

  resetUsage(): void {
    this.#ms = 0;
    this.#cycles = 0;
  }

  /**
   * Changes a byte as chips do that look first: erase only where a bit must rise, write only where one must fall.
   * A byte that is already so gets a write all the same: the chip cannot know that nothing would move.
   * Returns the halves that were needed.
   */
  change(cells: Uint8Array, at: Omit<EepromOperation, 'half'>, next: number): 1 | 2 {
    this.#cycles += 1;
    const old = cells[at.address] ?? 0xff;
    const rises = (next & ~old) !== 0;
    if (rises) this.#half(cells, { ...at, half: 'erase' }, 0xff);
    if (next === 0xff && rises) return 1;
    this.#half(cells, { ...at, half: 'write' }, (cells[at.address] ?? 0xff) & next);
    return rises ? 2 : 1;
  }

  /** Raises every bit in `mask` (1 half, counted as a cycle unless it joins the one before). */
  erase(cells: Uint8Array, at: Omit<EepromOperation, 'half'>, mask = 0xff, join: EepromJoin = {}): void {
    this.#count(join);
    this.#move(cells, { ...at, half: 'erase' }, (cells[at.address] ?? 0) | mask);
  }

  /** Lowers bits to `old AND next` (1 half, counted as a cycle unless it joins the one before). */
  write(cells: Uint8Array, at: Omit<EepromOperation, 'half'>, next: number, join: EepromJoin = {}): void {
    this.#count(join);
    this.#move(cells, { ...at, half: 'write' }, (cells[at.address] ?? 0) & next);
  }

  /** One page of a chip that erases and writes pages whole: bytes in ascending order within each half. */
  page(cells: Uint8Array, at: Omit<EepromOperation, 'half'>, next: Uint8Array): void {
    this.#cycles += 1;
    this.#ms += 2 * this.#halfMs;
    for (let i = 0; i < next.length; i++) {
      this.#move(cells, { memory: at.memory, address: at.address + i, half: 'erase' }, 0xff);
    }
    next.forEach((byte, i) => {
      this.#move(cells, { memory: at.memory, address: at.address + i, half: 'write' }, byte);
    });
  }

  #count({ sameCycle, samePulse }: EepromJoin): void {
    if (sameCycle !== true) this.#cycles += 1;
    if (samePulse !== true) this.#ms += this.#halfMs;
  }

  #half(cells: Uint8Array, operation: EepromOperation, to: number): void {
    this.#ms += this.#halfMs;
    this.#move(cells, operation, to);
  }

  #move(cells: Uint8Array, operation: EepromOperation, to: number): void {
    const from = cells[operation.address] ?? 0xff;
    if (this.cutHook?.(operation) === true) {
      const moving = from ^ to;
      cells[operation.address] = from ^ (moving & this.#tornBits());
      throw new PowerCut(operation);
    }
    if (this.weakHook?.(operation) === true) return;
    cells[operation.address] = to;
  }

  /** None, all or any of the bits: the ends are as likely as the middle, since they hide the cut best. */
  #tornBits(): number {
    const draw = this.#random();
    const kind = draw % 4;
    if (kind === 0) return 0x00;
    if (kind === 1) return 0xff;
    return draw >>> 24;
  }
}
