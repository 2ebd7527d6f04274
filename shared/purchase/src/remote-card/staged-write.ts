import type { WritePlan } from '@bianmin/card/meter-card/plan';
import {
  writeCard,
  type Authorise,
  type WriteCardInit,
  type WrittenCard,
} from '@bianmin/card/meter-card/write';
import { RemoteCardError } from './error.ts';

/** What a write came to for now: it asks for its next stage, or it is done. */
export type WriteTurn = { readonly asks: Authorise } | { readonly written: WrittenCard };

interface Waiting {
  readonly give: (plan: WritePlan) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * `writeCard`, cut where it asks for a next stage: in a session that stage is another step, which may come much later
 * or never. Everything that makes the write safe is in there and runs unchanged.
 */
export class StagedWrite {
  readonly #write: Promise<WriteTurn>;
  #waiting: Waiting | undefined;
  #turn: (turn: WriteTurn) => void = () => undefined;
  #turned: Promise<WriteTurn> = this.#newTurn();

  constructor(init: Omit<WriteCardInit, 'authorise'>) {
    this.#write = writeCard({ ...init, authorise: (request) => this.#ask(request) }).then((written) => ({
      written,
    }));
    // The caller that awaits a turn gets a failure there; once none awaits one, it is dropped.
    this.#write.catch(() => undefined);
  }

  /** Until it asks, or ends. Fails as `writeCard` does. */
  turn(): Promise<WriteTurn> {
    return Promise.race([this.#turned, this.#write]);
  }

  /** Gives the stage that it asked for. */
  continue(plan: WritePlan): Promise<WriteTurn> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#turned = this.#newTurn();
    waiting?.give(plan);
    return this.turn();
  }

  /** Ends a write that waits for a stage; one that runs is not touched. */
  abandon(): void {
    this.#waiting?.fail(
      new RemoteCardError({
        code: 'remote-card.ended',
        message: 'The session ended before the card was written. Put the card in again to finish.',
      }),
    );
    this.#waiting = undefined;
  }

  #ask(request: Authorise): Promise<WritePlan> {
    return new Promise((give, fail) => {
      this.#waiting = { give, fail };
      this.#turn({ asks: request });
    });
  }

  #newTurn(): Promise<WriteTurn> {
    return new Promise((resolve) => {
      this.#turn = resolve;
    });
  }
}
