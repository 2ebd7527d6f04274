import type { Clock } from '@bianmin/card/clock';
import type { TerminalAnnouncements } from '@bianmin/purchase/api/announcements';
import type { Notice } from '../ipc/map.ts';

type Announcement = TerminalAnnouncements['announcements'][number];

/** How often the server is asked, and for how long one of several is shown. */
const EVERY_MS = 60_000;

/**
 * What is announced at this terminal. While the server is away it goes on with what it knows, and shows nothing past its end:
 * an announcement is never a reason for anything else to fail.
 */
export class Notices {
  readonly #fetch: () => Promise<TerminalAnnouncements>;
  readonly #show: (notice: Notice | null) => void;
  readonly #clock: Clock;
  readonly #now: () => number;
  readonly #stopping = new AbortController();
  #known: readonly Announcement[] = [];
  #turn = 0;
  #running: Promise<void> | undefined;

  constructor(init: {
    fetch: () => Promise<TerminalAnnouncements>;
    show: (notice: Notice | null) => void;
    clock: Clock;
    /** The server's wall clock, ms: an announcement's end is by that. */
    now: () => number;
  }) {
    this.#fetch = init.fetch;
    this.#show = init.show;
    this.#clock = init.clock;
    this.#now = init.now;
  }

  /** Asks now. Never fails. */
  async refresh(): Promise<void> {
    try {
      this.#known = (await this.#fetch()).announcements;
    } catch {
      // The link tells people that the server is away; what is known goes on.
    }
    const now = this.#now();
    const good = this.#known.filter(({ to }) => Date.parse(to) > now);
    this.#show(good[this.#turn % Math.max(1, good.length)]?.texts ?? null);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.refresh();
      this.#turn += 1;
      // Rejects only when it is told to stop.
      await this.#clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }
}
