import type { ReaderChild } from '../../node/guarded-child.ts';
import type { SlotMessage, SlotRequest } from '../../node/slot-messages.ts';
import { ServedSlots } from '../../node/slots-served.ts';
import type { Readers } from '../../reader/readers.ts';

/** The process that drives readers, in this one: its messages are copied, none comes at once, and it dies or hangs when told. */
export class SimulatedSlotsChild implements ReaderChild {
  killed = false;
  readonly #served: Promise<ServedSlots>;
  readonly #cut: () => void;
  #hangs = false;
  #dead = false;
  #hear: (message: SlotMessage) => void = () => undefined;
  #exits: (() => void)[] = [];

  /** `cut`: from now on nothing of it reaches a reader. */
  constructor(open: () => Promise<Readers>, cut: () => void = () => undefined) {
    this.#cut = cut;
    this.#served = open().then((readers) => {
      const say = (message: SlotMessage): void => {
        this.#say(message);
      };
      const served = new ServedSlots(readers, say);
      say({ type: 'ready' });
      served.start();
      return served;
    });
  }

  send(request: unknown): void {
    const copy = structuredClone(request) as SlotRequest;
    queueMicrotask(() => {
      if (!this.#dead && !this.#hangs) void this.#served.then((served) => served.take(copy));
    });
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#hear = listener;
  }

  onExit(listener: () => void): void {
    this.#exits.push(listener);
  }

  kill(): void {
    this.killed = true;
    this.die();
  }

  /** Ends as by a fault in native code: what it was about to say is lost. */
  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#cut();
    queueMicrotask(() => {
      for (const listener of this.#exits.splice(0)) listener();
    });
  }

  /** Takes and says nothing any more. */
  hang(): void {
    this.#hangs = true;
    this.#cut();
  }

  #say(message: SlotMessage): void {
    if (this.#dead || this.#hangs) return;
    const copy = JSON.parse(JSON.stringify(message)) as SlotMessage;
    queueMicrotask(() => {
      // What was on its way when it died still comes.
      if (!this.#hangs) this.#hear(copy);
    });
  }
}
