import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { AlertNoticeKind } from '@bianmin/purchase/api/alerts';
import type { AlertTarget } from '@bianmin/purchase/api/alert-destinations';
import type { Alert } from './alert.ts';
import { announcementOf } from './announce.ts';
import { opened } from './board.ts';
import type { Destination } from './destination-store.ts';
import { ofProvince } from './finding.ts';
import { DEFAULT_LIMITS, msOf, type Limits } from './limits.ts';
import { whyOf } from './send/error.ts';
import type { Send } from './send/target.ts';
import { noticeText } from './text.ts';

/** A destination as it is remembered while there is no database to ask. */
export interface Remembered {
  readonly destination: Destination;
  readonly target: AlertTarget;
}

export interface BlackoutInit {
  /** Rejects where the database does not answer. */
  readonly ping: () => Promise<void>;
  /** Asked for while the database is there. */
  readonly load: () => Promise<{ destinations: readonly Remembered[]; limits: Limits }>;
  /** Whether this worker is the first to say this, of those that can agree. */
  readonly claim: (what: string, ms: number) => Promise<boolean>;
  /** Keeps what happened, once it is over. */
  readonly keep: (over: Alert) => Promise<void>;
  readonly send: Send;
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The one trouble that the database cannot keep: that it is away. What is known of destinations is held in memory, the
 * message is sent without an outbox, and workers agree through Redis who sends it; without Redis each of them does.
 */
export class Blackout {
  readonly #init: BlackoutInit;
  #destinations: readonly Remembered[] = [];
  #limits = DEFAULT_LIMITS;
  #alert: Alert | undefined;

  constructor(init: BlackoutInit) {
    this.#init = init;
  }

  /** One round; gives whether the database is away. */
  async round(): Promise<boolean> {
    const now = new Date(this.#init.clock.now());
    try {
      await this.#init.ping();
    } catch {
      await this.#away(now);
      return true;
    }
    await this.#there(now);
    return false;
  }

  async #away(now: Date): Promise<void> {
    const finding = { rule: 'store.database', subject: 'database', since: now, count: 1 } as const;
    this.#alert ??= opened(ofProvince(finding), now);
    const alert = this.#alert;
    if (now.getTime() - alert.since.getTime() < msOf(this.#limits, 'store-away-minutes')) return;
    const destinations = this.#destinations.map(({ destination }) => destination);
    const of = { now, limits: this.#limits, destinations, silenced: false };
    const announcement = announcementOf(alert, of);
    if (announcement === undefined) return;
    const { kind, to, told } = announcement;
    this.#alert = { ...alert, told };
    await this.#say(kind, to, told.times);
  }

  async #there(now: Date): Promise<void> {
    const { load, keep } = this.#init;
    const alert = this.#alert;
    if (alert !== undefined && alert.told.firstAt !== null) {
      this.#alert = { ...alert, status: 'resolved', resolvedAt: now, lastSeenAt: now };
      const heard = this.#destinations.filter(({ destination }) => destination.step <= alert.told.step);
      const first = await this.#say(
        'resolved',
        heard.map(({ destination }) => destination),
        0,
      );
      if (first) await keep(this.#alert);
    }
    this.#alert = undefined;
    const loaded = await load();
    this.#destinations = loaded.destinations;
    this.#limits = loaded.limits;
  }

  /** Gives whether it was this worker's to say. */
  async #say(kind: AlertNoticeKind, to: readonly Destination[], n: number): Promise<boolean> {
    const { send, claim, publicUrl, log } = this.#init;
    const alert = this.#alert;
    if (alert === undefined) return false;
    const span = msOf(this.#limits, 'escalate-minutes') / 2;
    if (!(await claim(`${kind}:${n}`, span).catch(() => true))) return false;
    const text = noticeText(kind, alert, { place: '全省', publicUrl });
    const ids = new Set(to.map(({ _id }) => _id));
    const targets = this.#destinations.filter(({ destination }) => ids.has(destination._id));
    await Promise.all(
      targets.map(async ({ destination, target }) => {
        try {
          await send(target, text);
        } catch (error) {
          log.error(
            { destination: destination._id, why: whyOf(error) },
            'nobody could be told that the database is away',
          );
        }
      }),
    );
    return true;
  }
}
