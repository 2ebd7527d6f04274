import { fromHex, toHex } from '../bytes/hex.ts';
import { removed, unplugged } from '../reader/error.ts';
import type { Readers } from '../reader/readers.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';
import type { SlotMessage, SlotRequest } from './slot-messages.ts';
import { failureOf } from './travelled-error.ts';

type Done = Omit<Extract<SlotMessage, { type: 'done' }>, 'type' | 'id'>;

/** Readers' slots, lent to the process at the other end, which holds none of the libraries that drive them. */
export class ServedSlots {
  readonly #readers: Readers;
  readonly #say: (message: SlotMessage) => void;
  readonly #slots = new Map<number, { readonly slot: CardSlot; readonly off: () => void }>();
  readonly #sessions = new Map<number, { readonly slot: number; readonly session: CardSession }>();
  #next = 1;

  constructor(readers: Readers, say: (message: SlotMessage) => void) {
    this.#readers = readers;
    this.#say = say;
  }

  /** Tells of what is there now, and of all that comes and goes. */
  start(): void {
    this.#readers.onChange(() => {
      this.#sync();
    });
    this.#sync();
  }

  /** Carries a request out and says what came of it. Never throws. */
  async take(request: SlotRequest): Promise<void> {
    if (request.op === 'ping') {
      this.#say({ type: 'alive' });
      return;
    }
    const { id } = request;
    try {
      this.#say({ type: 'done', id, ...(await this.#carryOut(request)) });
    } catch (error) {
      this.#say({ type: 'failed', id, failure: failureOf(error) });
    }
  }

  async #carryOut(request: Exclude<SlotRequest, { op: 'ping' }>): Promise<Done> {
    switch (request.op) {
      case 'present':
        return { present: await this.#slot(request.slot).present() };
      case 'open':
        return this.#open(request.slot);
      case 'transmit': {
        const held = this.#sessions.get(request.session);
        if (held === undefined) throw removed();
        return { data: toHex(await held.session.transmit(fromHex(request.data))) };
      }
      case 'end': {
        const held = this.#sessions.get(request.session);
        this.#sessions.delete(request.session);
        await held?.session.end();
        return {};
      }
      case 'close':
        await this.#readers.close();
        return {};
    }
  }

  async #open(slot: number): Promise<Done> {
    const session = await this.#slot(slot).open();
    // The slot has ended them.
    for (const [id, held] of this.#sessions) if (held.slot === slot) this.#sessions.delete(id);
    const id = this.#next++;
    this.#sessions.set(id, { slot, session });
    return { session: id, data: toHex(session.atr) };
  }

  #slot(id: number): CardSlot {
    const known = this.#slots.get(id);
    if (known === undefined) throw unplugged();
    return known.slot;
  }

  #sync(): void {
    const now = new Set(this.#readers.slots());
    for (const [id, { slot, off }] of this.#slots) {
      if (now.delete(slot)) continue;
      off();
      this.#slots.delete(id);
      this.#say({ type: 'slot-gone', slot: id });
    }
    for (const slot of now) this.#add(slot);
  }

  #add(slot: CardSlot): void {
    const id = this.#next++;
    const { id: modelId, name, vendorId, productId } = slot.model;
    const off = slot.onChange((present) => {
      this.#say({ type: 'presence', slot: id, present });
    });
    this.#slots.set(id, { slot, off });
    this.#say({
      type: 'slot',
      slot: id,
      name: slot.name,
      model: { id: modelId, name, vendorId, productId },
    });
  }
}
