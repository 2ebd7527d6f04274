import type { Clock } from '@bianmin/card/clock';
import { Stop } from '@bianmin/card/stop';
import { ApiError } from '../api/client-error.ts';
import type { EnrolResponse } from '../api/terminal.ts';

const MIN_WAIT_MS = 1_000;
const MAX_WAIT_MS = 15_000;

export interface EnrolmentInit {
  readonly enrol: () => Promise<EnrolResponse>;
  readonly clock: Clock;
  /** Accepted, with the id; null while it is not. */
  readonly onTerminal: (terminalId: string | null) => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** Asks the server, until it is so, to accept this terminal; and again when it forgot that it did. */
export class Enrolment {
  readonly #init: EnrolmentInit;
  readonly #stop = new Stop();
  #running: Promise<void> | undefined;
  #onAnswer: () => void = () => undefined;

  constructor(init: EnrolmentInit) {
    this.#init = init;
  }

  /** Begins to ask, and resolves when the first answer is here or `ms` are over. */
  async first(ms: number): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#onAnswer = resolve;
    });
    const over = new Stop();
    this.ask();
    // A wait that is ended rejects: then the answer came first.
    await Promise.race([answered, this.#init.clock.sleep(ms, over.signal).catch(() => undefined)]);
    over.stop();
  }

  /** Whether it has not been told yet that this terminal is accepted. */
  get asking(): boolean {
    return this.#running !== undefined;
  }

  /** Begins to ask, unless it is asking already. */
  ask(): void {
    if (this.#running !== undefined || this.#stop.stopped) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.#stop.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    let wait = MIN_WAIT_MS;
    while (!this.#stop.stopped) {
      const accepted = await this.#accepted();
      this.#onAnswer();
      if (accepted === true) return;
      // A server that is besieged says when it is this terminal's turn.
      await this.#init.clock.sleep(accepted || wait, this.#stop.signal).catch(() => undefined);
      wait = Math.min(wait * 2, MAX_WAIT_MS);
    }
  }

  /** Else how long to wait, where the server said so, ms. */
  async #accepted(): Promise<true | number | undefined> {
    try {
      const { status, terminalId } = await this.#init.enrol();
      this.#init.onTerminal(status === 'accepted' ? terminalId : null);
      return status === 'accepted' || undefined;
    } catch (error) {
      this.#init.onFault('enrol', error);
      return error instanceof ApiError ? error.retryAfterMs : undefined;
    }
  }
}
