import { Epoch } from '../reader/epoch.ts';
import { ReaderError } from '../reader/error.ts';
import { GuardedSession } from '../reader/guarded-session.ts';
import type { CardSession } from '../reader/slot.ts';
import { DirectSession } from './direct-session.ts';
import type { RemovalHook } from './direct-session.ts';
import { FakeSlot } from './fake-slots.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** A slot with a simulated chip in it; its serial only says whether it is in. */
export class ChipSlot extends FakeSlot {
  override readonly model = {
    ...{ id: 'sim', name: 'Sim', vendorId: 0, productId: 0, memoryDialect: 'acs' as const },
  };
  card: SimulatedCard;
  /** Times that power was applied, and taken away by who had it. */
  opened = 0;
  ended = 0;
  /** The hand that takes it out inside a command. */
  removal: RemovalHook = () => false;
  /** The next command waits in the reader until it is let go on. */
  hold = false;
  #epoch = new Epoch();
  #letGo: () => void = () => undefined;

  constructor(card: SimulatedCard) {
    super('Sim reader');
    this.card = card;
  }

  /** Another card, put in. */
  put(card: SimulatedCard): void {
    this.card = card;
    this.insert('put');
  }

  override remove(): void {
    this.#epoch.leave();
    super.remove();
  }

  letGo(): void {
    this.#letGo();
  }

  override async open(): Promise<CardSession> {
    await Promise.resolve();
    if (!(await this.present()))
      throw new ReaderError({ code: 'reader.no-card', message: 'The slot is empty.' });
    this.opened += 1;
    this.#epoch.end();
    const epoch = new Epoch();
    this.#epoch = epoch;
    const session = new DirectSession(this.card, (when) => this.removal(when));
    return new GuardedSession({
      atr: session.atr,
      epoch,
      exchange: async (apdu) => {
        await this.#held();
        return session.transmit(apdu);
      },
      end: () => {
        this.ended += 1;
        return session.end();
      },
    });
  }

  async #held(): Promise<void> {
    if (!this.hold) return;
    this.hold = false;
    await new Promise<void>((go) => (this.#letGo = go));
  }
}
