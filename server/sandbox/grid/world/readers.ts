import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Drawer } from './drawer.ts';
import { WorldError } from './world-error.ts';

/** What can go wrong at a reader; each request replaces what was set before, `{}` ends them all. */
export const readerFaults = z.strictObject({
  /** The card leaves at the n-th APDU from now, before it is carried out (1: the next). */
  removeAfterApdus: z.int().min(1).optional(),
  /** The card leaves when n more bytes have gone over the bulk pipes, either way. */
  removeAfterBytes: z.int().min(1).optional(),
  /** The card leaves after the next APDU was carried out, before its answer. */
  removeBeforeAnswer: z.boolean().optional(),
  /** Power goes away inside the n-th EEPROM operation from now (1: the next), which leaves a torn byte. */
  cutAfterEepromOperations: z.int().min(1).optional(),
  /** Time extensions before each answer. */
  timeExtensions: z.int().min(0).max(100).optional(),
  /** Every answer comes so many ms late. */
  slowMs: z.int().min(0).max(10_000).optional(),
  /** The next answer never comes: the bulk-in pipe stalls. */
  stall: z.boolean().optional(),
  /** The next command is not answered until it is aborted. */
  hang: z.boolean().optional(),
});
export type ReaderFaults = z.output<typeof readerFaults>;

/** One reader with a slot, however it is simulated. */
export interface WorldReader {
  /** Whether a card is in it; a fault may have thrown it out. */
  readonly occupied: boolean;
  /** Whether it is plugged into a host. */
  readonly connected: boolean;
  insert(card: SimulatedCard): void;
  eject(): void;
  setFaults(faults: ReaderFaults): void;
  /** Serves the reader's USB port on a socket. */
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
  readonly #make: (id: string) => WorldReader;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Entry>();

  constructor(init: { drawer: Drawer; make: (id: string) => WorldReader; onChange: () => void }) {
    this.#drawer = init.drawer;
    this.#make = init.make;
    this.#onChange = init.onChange;
  }

  list(): ReaderView[] {
    return [...this.#entries].map(([id, entry]) => ({ id, cardId: cardIn(entry) }));
  }

  /** Fails with 404 for no such card, 409 where the card or the slot is taken. */
  insert(id: string, cardId: string): ReaderView {
    const entry = this.#entry(id);
    if (cardIn(entry) !== null) throw new WorldError(409, 'There is a card in this reader already.');
    const card = this.#drawer.take(cardId);
    entry.reader.insert(card.sim);
    entry.cardId = cardId;
    card.place = { in: 'reader', readerId: id };
    card.held = () => cardIn(entry) === cardId;
    return { id, cardId };
  }

  /** An empty reader is no mistake: another call was faster. */
  eject(id: string): ReaderView {
    const entry = this.#entry(id);
    if (cardIn(entry) !== null) {
      entry.reader.eject();
      this.#onChange();
    }
    return { id, cardId: null };
  }

  setFaults(id: string, faults: ReaderFaults): void {
    this.#entry(id).reader.setFaults(faults);
  }

  /** A reader is plugged into one host at a time. */
  connected(id: string): boolean {
    return this.#entries.get(id)?.reader.connected ?? false;
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
    const entry: Entry = { reader: this.#make(id), cardId: null };
    this.#entries.set(id, entry);
    return entry;
  }
}

/** The card in a reader; forgets one that has left without a word. */
function cardIn(entry: Entry): string | null {
  if (!entry.reader.occupied) entry.cardId = null;
  return entry.cardId;
}
