import { ReaderError } from '../reader/error.ts';
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
  readonly card: SimulatedCard;
  /** Times that power was applied, and taken away by who had it. */
  opened = 0;
  ended = 0;
  /** The hand that takes it out inside a command. */
  removal: RemovalHook = () => false;

  constructor(card: SimulatedCard) {
    super('Sim reader');
    this.card = card;
  }

  override async open(): Promise<CardSession> {
    await Promise.resolve();
    if (!(await this.present()))
      throw new ReaderError({ code: 'reader.no-card', message: 'The slot is empty.' });
    this.opened += 1;
    const session = new DirectSession(this.card, (when) => this.removal(when));
    return {
      atr: session.atr,
      transmit: (apdu) => session.transmit(apdu),
      end: () => {
        this.ended += 1;
        return session.end();
      },
    };
  }
}
