import type { SimulatedCard } from '@bianmin/shared/testing/simulated-card';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Drawer } from './drawer.ts';
import { WorldError } from './world-error.ts';

/** What can go wrong at a reader; each replaces what was set before, `{}` ends them all. */
export const readerFaults = z.strictObject({
  /** The card is taken out at the n-th APDU from now: 0 before the next one. */
  removeAfterApdus: z.int().min(0).optional(),
  /** The card is taken out, or power cut, after n further bytes were written to its EEPROM. */
  removeAfterBytes: z.int().min(0).optional(),
  /** Time extensions before each answer. */
  timeExtensions: z.int().min(0).optional(),
  /** The endpoint stalls once. */
  stall: z.boolean().optional(),
});
export type ReaderFaults = z.output<typeof readerFaults>;

/** One reader with a slot, however it is simulated. */
export interface WorldReader {
  insert(card: SimulatedCard): void;
  eject(): void;
  setFaults(faults: ReaderFaults): void;
  /** Serves the reader's USB port on a socket; a later one takes the place of the one before. */
  attach(socket: WebSocket): void;
  close(): void;
}

/** A reader as `/world/readers` shows it. */
export interface ReaderView {
  readonly id: string;
  readonly cardId: string | null;
}

interface Entry {
  readonly reader: WorldReader;
  cardId: string | null;
}

/** Readers by id, made when first used; a card is in one of them, or in the drawer. */
export class ReaderWorld {
  readonly #drawer: Drawer;
  readonly #make: (id: string, onRemoved: () => void) => WorldReader;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Entry>();

  /** `make` gets a callback for a card that a fault has taken out. */
  constructor(init: {
    drawer: Drawer;
    make: (id: string, onRemoved: () => void) => WorldReader;
    onChange: () => void;
  }) {
    this.#drawer = init.drawer;
    this.#make = init.make;
    this.#onChange = init.onChange;
  }

  list(): ReaderView[] {
    return [...this.#entries].map(([id, { cardId }]) => ({ id, cardId }));
  }

  /** Fails with 404 for no such card, 409 where the card or the slot is taken. */
  insert(id: string, cardId: string): ReaderView {
    const entry = this.#entry(id);
    if (entry.cardId !== null) throw new WorldError(409, 'There is a card in this reader already.');
    const card = this.#drawer.take(cardId);
    card.place = { in: 'reader', readerId: id };
    entry.cardId = cardId;
    entry.reader.insert(card.sim);
    return { id, cardId };
  }

  /** Nothing in it is no mistake: somebody was faster. */
  eject(id: string): ReaderView {
    const entry = this.#entry(id);
    if (entry.cardId !== null) {
      entry.reader.eject();
      this.#backToDrawer(entry);
    }
    return { id, cardId: null };
  }

  setFaults(id: string, faults: ReaderFaults): void {
    this.#entry(id).reader.setFaults(faults);
  }

  attach(id: string, socket: WebSocket): void {
    this.#entry(id).reader.attach(socket);
  }

  close(): void {
    for (const { reader } of this.#entries.values()) reader.close();
  }

  #entry(id: string): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    if (!/^[\w-]{1,40}$/.test(id)) throw new WorldError(400, 'A reader id has letters, digits, _ and -.');
    const entry: Entry = { reader: this.#make(id, () => this.#backToDrawer(entry)), cardId: null };
    this.#entries.set(id, entry);
    return entry;
  }

  #backToDrawer(entry: Entry): void {
    if (entry.cardId === null) return;
    this.#drawer.get(entry.cardId).place = { in: 'drawer' };
    entry.cardId = null;
    this.#onChange();
  }
}
