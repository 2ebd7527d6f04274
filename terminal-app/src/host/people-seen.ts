import type { Clock } from '@bianmin/shared/clock';
import type { HostCall } from '../ipc/map.ts';
import type { Router } from '../ipc/router.ts';

/** Calls that a page makes by itself: nobody need be there. */
const BY_ITSELF: ReadonlySet<string> = new Set<HostCall>([
  'host.status',
  'purchase.view',
  'remote-card.view',
  'staff.view',
  'page.painted',
]);

/** How long nobody has done anything that the host hears of. */
export class PeopleSeen {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #at: number;

  /** Somebody may just have switched it on. */
  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#at = clock.monotonic();
  }

  seen(): void {
    this.#at = this.#clock.monotonic();
  }

  /** ms. */
  get idleMs(): number {
    return this.#clock.monotonic() - this.#at;
  }

  /** The same router, which hears that somebody pressed something. */
  listening(router: Router): Router {
    return (name, request) => {
      if (!BY_ITSELF.has(name)) this.seen();
      return router(name, request);
    };
  }
}
