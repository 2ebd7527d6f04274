import type { Clock } from '@bianmin/card/clock';
import { isAlive } from '../policy/crashes.ts';
import { needsDisplay } from '../policy/display.ts';
import type { Idleness } from '../policy/idleness.ts';
import type { PageKeeper } from './page-keeper.ts';
import type { Supervisor } from './supervisor.ts';

/** How often everything is looked at, ms. */
export const LOOK_MS = 5_000;
/** How often the supervisor hears of us, ms; it waits for a minute. */
export const ALIVE_MS = 20_000;

export interface UpkeepInit {
  readonly clock: Clock;
  readonly page: Pick<PageKeeper, 'look' | 'paintedAt'>;
  readonly host: {
    /** Whether the terminal is in use. */
    busy(): boolean;
    /** Resolves when the host's dispatcher has answered; one that hangs stops the signs of life. */
    answers(): Promise<unknown>;
  };
  readonly idle: Idleness;
  readonly display: (on: boolean) => void;
  readonly supervisor: Supervisor;
  /** Where the program replaces itself. */
  readonly updates: { look(): Promise<void> } | undefined;
  readonly restart: () => void;
  readonly onFault: (where: string, error: unknown) => void;
}

/** The shell's one round: page, display, supervisor, and a restart that waits until the terminal is idle. */
export class Upkeep {
  readonly #init: UpkeepInit;
  readonly #stop = new AbortController();
  readonly #startedAt: number;
  #wantsRestart = false;
  #isReady = false;
  #toldAt = -Infinity;

  constructor(init: UpkeepInit) {
    this.#init = init;
    this.#startedAt = init.clock.monotonic();
  }

  /** Ends with `stop`. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.look();
      } catch (error) {
        this.#init.onFault('upkeep', error);
      }
      await this.#init.clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  /** Asks for a restart as soon as the terminal is idle. */
  restartWhenIdle(): void {
    this.#wantsRestart = true;
  }

  async look(): Promise<void> {
    const { page, host, idle, display, supervisor, clock } = this.#init;
    page.look();
    const busy = host.busy();
    if (busy) idle.touched();
    display(needsDisplay({ busy, idleMs: idle.ms }));
    await host.answers();
    const now = clock.monotonic();
    if (!this.#isReady && page.paintedAt !== null) {
      this.#isReady = true;
      supervisor.ready();
    }
    const alive = isAlive({ startedAt: this.#startedAt, paintedAt: page.paintedAt, now });
    if (alive && now - this.#toldAt >= ALIVE_MS) {
      this.#toldAt = now;
      supervisor.alive();
    }
    if (this.#wantsRestart && !busy) {
      this.#wantsRestart = false;
      this.#init.restart();
    }
    await this.#init.updates?.look();
  }

  stop(): void {
    this.#stop.abort();
  }
}

/** Keeps the display on, or lets it sleep, and says so to the system only when that changes. */
export function displaySwitch(blocker: {
  start(type: 'prevent-display-sleep'): number;
  stop(id: number): unknown;
}): (on: boolean) => void {
  let held: number | undefined;
  return (on) => {
    if (on) held ??= blocker.start('prevent-display-sleep');
    else if (held !== undefined) {
      blocker.stop(held);
      held = undefined;
    }
  };
}
