import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { Stop } from '@bianmin/card/stop';
import type { ApiClient } from '@bianmin/purchase/api/client';
import type { PortalCommand, PortalView } from '@bianmin/purchase/api/portal';

/** How often the other side is met while it follows, ms. */
export const MEET_MS = 1_000;
/** The longest wait after questions that got no answer, ms; doubled up to it. */
export const MEET_MAX_MS = 15_000;

export interface MeetingInit {
  readonly api: Pick<ApiClient, 'syncPortal'>;
  readonly clock: Clock;
  /** What is shown now; the same object while it is the same. */
  readonly view: () => PortalView | undefined;
  readonly command: (command: PortalCommand) => void;
  /** After each meeting: whether the other side still looks. */
  readonly followed?: (now: boolean) => void;
  /** How long the other side may be gone before it counts as one that does not come back, ms. */
  readonly aloneMs: () => number;
  readonly onFault: (where: string, error: unknown) => void;
}

/** One visit (docs/portal.md), as the box meets it: shown what the box shows, and asked what was chosen there. */
export class Meeting {
  readonly stop = new Stop();
  /** Number of the newest of the commands that was had. */
  taken = 0;
  readonly #init: MeetingInit;

  constructor(init: MeetingInit) {
    this.#init = init;
  }

  /** Until it is stopped (`left`), the other side is gone, or the server knows of no such visit (`over`). No timer is left. */
  async run(id: string): Promise<'left' | 'alone' | 'over'> {
    const { api, clock, onFault, ...other } = this.#init;
    const { stop } = this;
    let [wait, alone] = [MEET_MS, 0];
    let shown: PortalView | undefined;
    while (!stop.stopped && alone < other.aloneMs()) {
      const view = other.view();
      try {
        const news = view === undefined || view === shown ? {} : { view };
        const { commands, followed } = await api.syncPortal(id, { ...news, taken: this.taken });
        shown = view;
        // What was chosen for another screen than the one that is there by now is passed over.
        for (const each of commands) if (other.view() === view && !stop.stopped) other.command(each.command);
        this.taken = Math.max(this.taken, ...commands.map(({ no }) => no));
        if (!stop.stopped) other.followed?.(followed);
        alone = followed ? 0 : alone + wait;
        wait = MEET_MS;
      } catch (error) {
        if (codeOf(error) === 'request.not-found') {
          stop.stop();
          return 'over';
        }
        // Said once an outage.
        if (wait === MEET_MS) onFault('portal', error);
        alone += wait;
        wait = Math.min(wait * 2, MEET_MAX_MS);
      }
      await clock.sleep(wait, stop.signal).catch(() => undefined);
    }
    return stop.stopped ? 'left' : 'alone';
  }

  /** The other side hears of it at once, with what it sees at the end, and need not look after an app that has gone. */
  end(id: string, view?: PortalView): void {
    const { api, onFault } = this.#init;
    this.stop.stop();
    const last = view === undefined ? {} : { view };
    api.syncPortal(id, { ...last, taken: this.taken, end: true }).catch((error: unknown) => {
      onFault('portal', error);
    });
  }
}
