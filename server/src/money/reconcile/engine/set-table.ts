const ROWS_PER_CHUNK = 1 << 18;
/** Above this share of slots in use the table doubles. */
const FULL = 0.7;

/** An open-addressed table's arrays; a slot whose `head` is 0 is free. */
interface Slots {
  readonly mask: number;
  readonly key1: Int32Array;
  readonly key2: Int32Array;
  /** Channel bill less orders, and grid bill less orders: two lanes each, wrapping. */
  readonly channel1: Int32Array;
  readonly channel2: Int32Array;
  readonly grid1: Int32Array;
  readonly grid2: Int32Array;
  /** The slot's newest row, plus one. */
  readonly head: Uint32Array;
}

/**
 * Per order number, what the sides say of it, as sums of keyed 64-bit hashes: a bill's item counts up, an order's item
 * down, so that the same items on both sides leave zero, and any others (almost) never do. Two numbers that share a slot
 * by chance do no harm: they are told apart when their lines are read again. 28 bytes a slot and 12 a line.
 */
export class SetTable {
  #slots: Slots;
  #used = 0;
  #rows = 0;
  readonly #offsets: Float64Array[] = [];
  readonly #next: Uint32Array[] = [];

  constructor(expected: number) {
    let capacity = 1024;
    while (capacity * FULL < expected) capacity *= 2;
    this.#slots = slotsOf(capacity);
  }

  /** Lines so far; the number of the next one. */
  get rows(): number {
    return this.#rows;
  }

  /** The slot of a key; the line at this offset of its file is added to it. */
  add(key1: number, key2: number, offset: number): number {
    if (this.#used > (this.#slots.mask + 1) * FULL) this.#grow();
    const slots = this.#slots;
    let slot = key1 & slots.mask;
    while (slots.head[slot] !== 0 && (slots.key1[slot] !== key1 || slots.key2[slot] !== key2)) {
      slot = (slot + 1) & slots.mask;
    }
    if (slots.head[slot] === 0) {
      slots.key1[slot] = key1;
      slots.key2[slot] = key2;
      this.#used += 1;
    }
    const within = this.#rows % ROWS_PER_CHUNK;
    if (within === 0) {
      this.#offsets.push(new Float64Array(ROWS_PER_CHUNK));
      this.#next.push(new Uint32Array(ROWS_PER_CHUNK));
    }
    (this.#offsets.at(-1) as Float64Array)[within] = offset;
    (this.#next.at(-1) as Uint32Array)[within] = slots.head[slot] as number;
    this.#rows += 1;
    slots.head[slot] = this.#rows;
    return slot;
  }

  sumChannel(slot: number, hash1: number, hash2: number): void {
    const { channel1, channel2 } = this.#slots;
    channel1[slot] = (channel1[slot] as number) + hash1;
    channel2[slot] = (channel2[slot] as number) + hash2;
  }

  sumGrid(slot: number, hash1: number, hash2: number): void {
    const { grid1, grid2 } = this.#slots;
    grid1[slot] = (grid1[slot] as number) + hash1;
    grid2[slot] = (grid2[slot] as number) + hash2;
  }

  /** Offsets and line numbers of each slot that does not come out even. */
  *uneven(): Generator<readonly { readonly row: number; readonly offset: number }[]> {
    const { head, channel1, channel2, grid1, grid2, mask } = this.#slots;
    for (let slot = 0; slot <= mask; slot += 1) {
      if (head[slot] === 0) continue;
      if (channel1[slot] === 0 && channel2[slot] === 0 && grid1[slot] === 0 && grid2[slot] === 0) continue;
      const lines: { row: number; offset: number }[] = [];
      for (let row = head[slot] as number; row !== 0; row = this.#nextOf(row - 1)) {
        lines.push({ row: row - 1, offset: this.#offsetOf(row - 1) });
      }
      yield lines;
    }
  }

  #nextOf(row: number): number {
    return this.#next[Math.floor(row / ROWS_PER_CHUNK)]?.[row % ROWS_PER_CHUNK] ?? 0;
  }

  #offsetOf(row: number): number {
    return this.#offsets[Math.floor(row / ROWS_PER_CHUNK)]?.[row % ROWS_PER_CHUNK] ?? 0;
  }

  #grow(): void {
    const old = this.#slots;
    const grown = slotsOf((old.mask + 1) * 2);
    for (let from = 0; from <= old.mask; from += 1) {
      if (old.head[from] === 0) continue;
      let to = (old.key1[from] as number) & grown.mask;
      while (grown.head[to] !== 0) to = (to + 1) & grown.mask;
      for (const name of ARRAYS) grown[name][to] = old[name][from] as number;
    }
    this.#slots = grown;
  }
}

const ARRAYS = ['key1', 'key2', 'channel1', 'channel2', 'grid1', 'grid2', 'head'] as const;

function slotsOf(capacity: number): Slots {
  const lane = (): Int32Array => new Int32Array(capacity);
  return {
    mask: capacity - 1,
    key1: lane(),
    key2: lane(),
    channel1: lane(),
    channel2: lane(),
    grid1: lane(),
    grid2: lane(),
    head: new Uint32Array(capacity),
  };
}
