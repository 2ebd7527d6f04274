import { ReaderError } from '@bianmin/card/reader/error';
import type { CardSession, CardSlot } from '@bianmin/card/reader/slot';
import type { SlotLender } from './ports.ts';

interface Source {
  slots(): readonly CardSlot[];
  onChange(listener: () => void): () => void;
}

/**
 * The readers, shared by what serves residents and a remote session. `residents` is what the former see: the same
 * readers, which look empty for as long as they are lent, so that one card is never worked on by two.
 */
export class LentSlots implements SlotLender {
  readonly #source: Source;
  readonly #busy: () => boolean;
  readonly #veiled = new WeakMap<CardSlot, VeiledSlot>();
  readonly #heard = new Set<() => void>();
  #lent = false;

  /** `busy`: whether a resident is being served now. */
  constructor(init: { source: Source; busy: () => boolean }) {
    this.#source = init.source;
    this.#busy = init.busy;
  }

  readonly residents: Source = {
    slots: () => this.#source.slots().map((slot) => this.#veil(slot)),
    onChange: (listener) => this.#source.onChange(listener),
  };

  lend(): boolean {
    if (this.#lent || this.#busy()) return false;
    this.#lent = true;
    return true;
  }

  /** A card that still lies in a reader is news to the residents' side. */
  giveBack(): void {
    this.#lent = false;
    for (const tell of [...this.#heard]) tell();
  }

  slots(): readonly CardSlot[] {
    return this.#lent ? this.#source.slots() : [];
  }

  #veil(slot: CardSlot): VeiledSlot {
    const known = this.#veiled.get(slot);
    if (known !== undefined) return known;
    const veiled = new VeiledSlot(slot, {
      lent: () => this.#lent,
      onGivenBack: (tell) => {
        this.#heard.add(tell);
        return () => this.#heard.delete(tell);
      },
    });
    this.#veiled.set(slot, veiled);
    return veiled;
  }
}

/** A slot that looks empty while it is lent. */
class VeiledSlot implements CardSlot {
  readonly #slot: CardSlot;
  readonly #lent: () => boolean;
  readonly #onGivenBack: (tell: () => void) => () => void;

  constructor(slot: CardSlot, init: { lent: () => boolean; onGivenBack: (tell: () => void) => () => void }) {
    this.#slot = slot;
    this.#lent = init.lent;
    this.#onGivenBack = init.onGivenBack;
  }

  get name(): string {
    return this.#slot.name;
  }

  get model(): CardSlot['model'] {
    return this.#slot.model;
  }

  async present(): Promise<boolean> {
    const present = await this.#slot.present();
    return present && !this.#lent();
  }

  onChange(listener: (present: boolean) => void): () => void {
    const off = this.#slot.onChange((present) => {
      if (!this.#lent()) listener(present);
    });
    const offBack = this.#onGivenBack(() => {
      // A reader that cannot say tells of its own removal.
      this.present().then(listener, () => undefined);
    });
    return () => {
      off();
      offBack();
    };
  }

  open(): Promise<CardSession> {
    if (!this.#lent()) return this.#slot.open();
    return Promise.reject(
      new ReaderError({ code: 'reader.no-card', message: 'The reader is lent to a remote session.' }),
    );
  }

  close(): Promise<void> {
    return this.#slot.close();
  }
}
