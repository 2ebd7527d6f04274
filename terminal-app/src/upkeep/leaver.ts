import type { Clock } from '@bianmin/card/clock';
import { CLOSE_WITHIN_MS, EXIT_AGAIN, howToRestart } from '../policy/leaving.ts';

export interface LeaverInit {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends after the card write in progress, if there is one. */
  readonly close: () => Promise<void>;
  readonly program: {
    exit(code: number): void;
    /** Has the program started again when it is gone. */
    relaunch(options: { execPath?: string }): void;
  };
  readonly onFault: (where: string, error: unknown) => void;
}

/** The one way out: the host is closed first, once, and within bounds. */
export class Leaver {
  readonly #init: LeaverInit;
  #closing: Promise<void> | undefined;
  #isClosed = false;
  #isLeaving = false;

  constructor(init: LeaverInit) {
    this.#init = init;
  }

  /** Whether everything is closed, and the program may end in whatever way. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Closes what must be closed; the same however often it is asked for. Never fails. */
  close(): Promise<void> {
    const { close, clock, onFault } = this.#init;
    const late = new AbortController();
    this.#closing ??= Promise.race([close(), clock.sleep(CLOSE_WITHIN_MS, late.signal)])
      .catch((error: unknown) => {
        onFault('close', error);
      })
      .finally(() => {
        late.abort();
        this.#isClosed = true;
      });
    return this.#closing;
  }

  /** Ends the program; `again`: its supervisor, or the program itself, starts it anew. */
  async leave(again: boolean): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    await this.close();
    const { env, program } = this.#init;
    const how = howToRestart(env);
    if (again && how.by === 'itself')
      program.relaunch(how.execPath === undefined ? {} : { execPath: how.execPath });
    program.exit(again && how.by === 'supervisor' ? EXIT_AGAIN : 0);
  }
}
