import type { CardSlot } from '@bianmin/card/reader/slot';
import type { SlotSource } from './ports.ts';

/** Who is in which slot, as the readers report it. Slots are known by keys that no other slot ever gets. */
export class SlotTable {
  readonly #source: SlotSource;
  readonly #onChange: () => void;
  readonly #onFault: (where: string, error: unknown) => void;
  readonly #slots = new Map<string, { slot: CardSlot; present: boolean; off: () => void }>();
  #off: () => void = () => undefined;
  #next = 1;

  constructor(init: {
    source: SlotSource;
    onChange: () => void;
    onFault: (where: string, error: unknown) => void;
  }) {
    this.#source = init.source;
    this.#onChange = init.onChange;
    this.#onFault = init.onFault;
  }

  start(): void {
    this.#off = this.#source.onChange(() => {
      this.#sync();
    });
    this.#sync();
  }

  stop(): void {
    this.#off();
    for (const { off } of this.#slots.values()) off();
    this.#slots.clear();
  }

  get names(): readonly string[] {
    return [...this.#slots.values()].map(({ slot }) => slot.name);
  }

  /** Keys of the slots that hold a card. */
  get present(): readonly string[] {
    return [...this.#slots].filter(([, entry]) => entry.present).map(([key]) => key);
  }

  slot(key: string): CardSlot | undefined {
    return this.#slots.get(key)?.slot;
  }

  #sync(): void {
    const now = new Set(this.#source.slots());
    for (const [key, entry] of this.#slots) {
      if (now.delete(entry.slot)) continue;
      entry.off();
      this.#slots.delete(key);
    }
    for (const slot of now) this.#add(slot);
    this.#onChange();
  }

  #add(slot: CardSlot): void {
    const key = `slot-${this.#next++}`;
    const entry = { slot, present: false, off: (): void => undefined };
    let heard = false;
    entry.off = slot.onChange((present) => {
      heard = true;
      this.#set(key, present);
    });
    this.#slots.set(key, entry);
    slot.present().then(
      (present) => {
        // A change that came meanwhile is the newer news.
        if (!heard) this.#set(key, present);
      },
      (error: unknown) => {
        this.#onFault('slot.present', error);
      },
    );
  }

  #set(key: string, present: boolean): void {
    const entry = this.#slots.get(key);
    if (entry === undefined || entry.present === present) return;
    entry.present = present;
    this.#onChange();
  }
}
