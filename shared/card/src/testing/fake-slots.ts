import { ReaderError } from '../reader/error.ts';
import type { Readers } from '../reader/readers.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';

/** A slot that a test's hand puts cards in; a card is its serial. */
export class FakeSlot implements CardSlot {
  readonly name: string;
  readonly model = { id: 'fake', name: 'Fake', vendorId: 0, productId: 0 };
  serial: string | undefined;
  readonly #listeners = new Set<(present: boolean) => void>();

  constructor(name = 'Fake reader') {
    this.name = name;
  }

  insert(serial: string): void {
    this.serial = serial;
    for (const listener of [...this.#listeners]) listener(true);
  }

  remove(): void {
    this.serial = undefined;
    for (const listener of [...this.#listeners]) listener(false);
  }

  present(): Promise<boolean> {
    return Promise.resolve(this.serial !== undefined);
  }

  onChange(listener: (present: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  open(): Promise<CardSession> {
    return Promise.reject(
      new ReaderError({ code: 'reader.unsupported', message: 'A fake slot has no chip.' }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class FakeSlots implements Omit<Readers, 'close'> {
  readonly list: FakeSlot[] = [];
  readonly #listeners = new Set<() => void>();

  slots(): readonly CardSlot[] {
    return this.list;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  plug(slot: FakeSlot): void {
    this.list.push(slot);
    for (const listener of [...this.#listeners]) listener();
  }

  unplug(slot: FakeSlot): void {
    this.list.splice(this.list.indexOf(slot), 1);
    for (const listener of [...this.#listeners]) listener();
  }
}
