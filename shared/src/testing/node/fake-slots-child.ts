import type { ReaderChild } from '../../node/guarded-child.ts';
import type { Failure, SlotMessage, SlotRequest } from '../../node/slot-messages.ts';

type Asked = Extract<SlotRequest, { readonly id: number }>;

/** A process with readers that says what the test wants, notes what it is asked, and gives signs of life unless it hangs. */
export class FakeSlotsChild implements ReaderChild {
  readonly asked: Asked[] = [];
  killed = false;
  hangs = false;
  #hear: (message: unknown) => void = () => undefined;
  readonly #exits: (() => void)[] = [];

  send(request: unknown): void {
    const asked = request as SlotRequest;
    if (asked.op !== 'ping') this.asked.push(asked);
    else if (!this.hangs) this.say({ type: 'alive' });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#hear = listener;
  }

  onExit(listener: () => void): void {
    this.#exits.push(listener);
  }

  kill(): void {
    this.killed = true;
    this.exit();
  }

  say(message: SlotMessage): void {
    this.#hear(message);
  }

  exit(): void {
    for (const listener of this.#exits.splice(0)) listener();
  }

  /** Answers the last request. */
  answer(part: { data?: string; session?: number; present?: boolean }): void {
    this.say({ type: 'done', id: this.asked.at(-1)?.id ?? 0, ...part });
  }

  fail(failure: Failure): void {
    this.say({ type: 'failed', id: this.asked.at(-1)?.id ?? 0, failure });
  }
}
