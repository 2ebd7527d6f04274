import type { Clock } from '@bianmin/card/clock';
import type { AlertRule } from '@bianmin/purchase/api/alert-rules';
import type { Logger } from 'pino';
import type { MongoLeases } from '../../adapters/mongo/leases.ts';
import type { Announcer } from './announcer.ts';
import type { AlertBoard } from './board.ts';
import { ofProvince, type Finding, type Moment, type Watch } from './finding.ts';
import type { LimitStore } from './limit-store.ts';

/** Longer than a round takes; renewed by the next one. */
const LEASE_MS = 60_000;
const LEASE = 'alerts';

export interface AlertRoundsInit {
  readonly watches: readonly Watch[];
  readonly limits: LimitStore;
  readonly board: AlertBoard;
  readonly announcer: Announcer;
  readonly leases: MongoLeases<string>;
  /** This worker, unlike any other. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Looks at everything that can be wrong, by one worker at a time. A look that fails is an alert itself, and leaves what is
 * open of its rules as it is: not to know is not to be well.
 */
export class AlertRounds {
  readonly #init: AlertRoundsInit;
  readonly #lookedAt = new Map<Watch, number>();
  /** Whose last look failed. */
  readonly #failing = new Map<Watch, Finding>();

  constructor(init: AlertRoundsInit) {
    this.#init = init;
  }

  /** One round; gives whether it was this worker's. */
  async round(): Promise<boolean> {
    const { limits, announcer, leases, holder, clock } = this.#init;
    const now = new Date(clock.now());
    if (!(await leases.take(LEASE, { holder, now, until: new Date(now.getTime() + LEASE_MS) }))) {
      // Another worker has looked meanwhile: what this one knows of the last looks is old.
      this.#lookedAt.clear();
      this.#failing.clear();
      return false;
    }
    const at: Moment = { now, limits: await limits.current() };
    for (const watch of this.#init.watches) await this.#look(watch, at);
    await this.#init.board.apply(['alert.rule-failed'], [...this.#failing.values()], now);
    await announcer.round(now, at.limits);
    return true;
  }

  /** Another worker may begin at once. */
  async leave(): Promise<void> {
    await this.#init.leases.release(LEASE, this.#init.holder);
  }

  async #look(watch: Watch, at: Moment): Promise<void> {
    const nowMs = at.now.getTime();
    const last = this.#lookedAt.get(watch);
    if (last !== undefined && nowMs - last < (watch.everyMs ?? 0)) return;
    this.#lookedAt.set(watch, nowMs);
    try {
      const findings = await watch.look(at);
      await this.#init.board.apply(watch.covers, findings, at.now);
      this.#failing.delete(watch);
    } catch (error) {
      const [rule] = watch.covers;
      this.#init.log.error({ err: error, rules: watch.covers }, 'a rule of alerts could not be judged');
      const known = this.#failing.get(watch);
      this.#failing.set(watch, known ?? failed(rule, at.now));
    }
  }
}

function failed(rule: AlertRule | undefined, since: Date): Finding {
  return ofProvince({ rule: 'alert.rule-failed', subject: rule ?? 'none', since, count: 1 });
}
