import { READER_MODELS, type ReaderModel } from '@bianmin/card/reader/models';
import type { CardSession, CardSlot } from '@bianmin/card/reader/slot';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';

/** A slot straight on a simulated card, without reader or wire: what a bench of the server spends on cards least. */
export class DirectSlot implements CardSlot {
  readonly name = 'bench slot';
  readonly model: ReaderModel;
  readonly #card: SimulatedCard;

  constructor(card: SimulatedCard) {
    const model = READER_MODELS.find(({ memoryDialect }) => memoryDialect !== undefined);
    if (model === undefined) throw new Error('No reader drives memory cards.');
    this.model = model;
    this.#card = card;
  }

  present(): Promise<boolean> {
    return Promise.resolve(true);
  }

  onChange(): () => void {
    return () => undefined;
  }

  open(): Promise<CardSession> {
    return Promise.resolve(new DirectSession(this.#card));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
