import type { Clock } from '@bianmin/card/clock';
import type { PrinterState } from '../../ipc/map.ts';
import type { PrinterPort } from './port.ts';
import { ASK_STATUS, hear, stateOf } from './status.ts';

const WRITE_MS = 5_000;
/** A printer answers within milliseconds or, where it does not know the question, never. */
const ANSWER_MS = 1_000;

/** Questions and answers on an open printer. */
export class Conversation {
  readonly #port: PrinterPort;
  readonly #clock: Clock;
  /** GS r was answered since it was asked last. */
  #printed = false;

  constructor(port: PrinterPort, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
  }

  async send(bytes: Uint8Array): Promise<void> {
    await this.#port.write(bytes, WRITE_MS);
  }

  /** Asks the four questions; `unknown` where it does not answer all of them in time. */
  async state(): Promise<PrinterState> {
    // What is on its way is an answer to an earlier question.
    this.#take(await this.#port.read(0));
    const answers: number[] = [];
    for (const question of ASK_STATUS) {
      await this.#port.write(question, WRITE_MS);
      const answer = await this.#answer();
      if (answer === undefined) return 'unknown';
      answers.push(answer);
    }
    return stateOf(answers);
  }

  /** What comes next counts as printed. */
  forgetPrinted(): void {
    this.#printed = false;
  }

  /** Waits for up to `ms` for the answer to GS r. */
  async printedWithin(ms: number): Promise<boolean> {
    const until = this.#clock.monotonic() + ms;
    while (!this.#printed) {
      const left = until - this.#clock.monotonic();
      if (left <= 0) return false;
      this.#take(await this.#port.read(left));
    }
    return true;
  }

  async #answer(): Promise<number | undefined> {
    const until = this.#clock.monotonic() + ANSWER_MS;
    for (;;) {
      const left = until - this.#clock.monotonic();
      if (left <= 0) return undefined;
      const [answer] = this.#take(await this.#port.read(left));
      if (answer !== undefined) return answer;
    }
  }

  #take(bytes: Uint8Array): readonly number[] {
    const { realTime, printed } = hear(bytes);
    this.#printed ||= printed;
    return realTime;
  }
}
