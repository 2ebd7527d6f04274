import type { ReaderChild } from '../../node/guarded-child.ts';

/** A child process that says what the test wants, and ends when it is told. */
export abstract class FakeReaderChild<Message> implements ReaderChild {
  killed = false;
  #hear: (message: unknown) => void = () => undefined;
  readonly #exits: (() => void)[] = [];

  abstract send(request: unknown): void;

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

  say(message: Message): void {
    this.#hear(message);
  }

  exit(): void {
    for (const listener of this.#exits.splice(0)) listener();
  }
}
