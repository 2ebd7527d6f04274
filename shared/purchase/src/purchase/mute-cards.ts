import type { Clock } from '@bianmin/card/clock';

/** A household turns its card round and puts it in again in less: what comes later is taken for another card. */
const OTHER_CARD_MS = 120_000;

interface MuteReader {
  /** When the last mute card was taken out, monotonic; undefined while it is in. */
  leftAt: number | undefined;
  /** Two cards stayed mute. */
  blamed: boolean;
}

/**
 * Whether card or reader is to blame where a card stays mute: of a mute card nothing is known, but two of them one after
 * the other, and none that answered between, speak against the reader. Some are sold for memory cards that cannot read
 * them. `slot` is a slot's key.
 */
export class MuteCards {
  readonly #clock: Clock;
  readonly #readers = new Map<string, MuteReader>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keys of the slots that hold a card now. */
  present(slots: readonly string[]): void {
    for (const [slot, reader] of this.#readers) {
      if (!slots.includes(slot)) reader.leftAt ??= this.#clock.monotonic();
    }
  }

  answered(slot: string): void {
    this.#readers.delete(slot);
  }

  /** The card in the slot stayed mute: whether the reader is to blame. */
  mute(slot: string): boolean {
    const { leftAt, blamed = false } = this.#readers.get(slot) ?? {};
    const isOther = leftAt !== undefined && this.#clock.monotonic() - leftAt >= OTHER_CARD_MS;
    this.#readers.set(slot, { leftAt: undefined, blamed: blamed || isOther });
    return blamed || isOther;
  }
}
