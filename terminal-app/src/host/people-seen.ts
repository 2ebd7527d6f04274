import type { Clock } from '@bianmin/card/clock';
import type { HostCall } from '../ipc/map.ts';
import type { Router } from '../ipc/router.ts';
import { Idleness } from '../policy/idleness.ts';

/** Calls that a page makes by itself: the terminal may be idle. */
const BY_ITSELF: ReadonlySet<string> = new Set<HostCall>([
  'host.status',
  'purchase.view',
  'remote-card.view',
  'staff.view',
  'page.painted',
]);

/** How long nothing was done at the terminal that the host hears of. */
export class PeopleSeen {
  readonly #idleness: Idleness;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#idleness = new Idleness(clock);
  }

  seen(): void {
    this.#idleness.touched();
  }

  /** ms. */
  get idleMs(): number {
    return this.#idleness.ms;
  }

  /** The same router, which hears that something was pressed. */
  listening(router: Router): Router {
    return (name, request) => {
      if (!BY_ITSELF.has(name)) this.seen();
      return router(name, request);
    };
  }
}
