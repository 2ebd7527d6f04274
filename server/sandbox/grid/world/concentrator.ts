import type { InsertResult } from '../meter/meter-state.ts';
import type { Delivery } from '../platform/books.ts';

/**
 * The way to one meter: `online`; `offline`, nothing gets through for now; `answer-lost`, the next frame is taken and
 * its answer is not heard; `slow`, the next frame arrives after `ms` of the world's clock; `dead`, the module is gone.
 */
export const LINKS = ['online', 'offline', 'answer-lost', 'slow', 'dead'] as const;
export type Link = (typeof LINKS)[number];

/** A frame that went over the wire, for people to look at. */
export interface SentFrame {
  readonly frame: string;
  /** ISO 8601. */
  readonly at: string;
  /** Null where the meter was never reached, or not yet. */
  readonly result: InsertResult | null;
}

export interface ConcentratorInit {
  readonly now: () => number;
  /** Gives a frame to a meter. */
  readonly deliver: (meterNo: string, frame: string) => InsertResult;
}

/** Frames kept for people to look at, for each meter. */
const KEPT = 20;

/** The simulated concentrator between the grid and its meters. Links and frames on their way are in memory only. */
export class Concentrator {
  readonly #init: ConcentratorInit;
  readonly #links = new Map<string, { link: Link; ms: number }>();
  readonly #travelling = new Map<string, { meterNo: string; frame: string; at: number }>();
  readonly #log = new Map<string, SentFrame[]>();

  constructor(init: ConcentratorInit) {
    this.#init = init;
  }

  link(meterNo: string): Link {
    return this.#links.get(meterNo)?.link ?? 'online';
  }

  /** From now on. `ms` is for `slow`. */
  setLink(meterNo: string, link: Link, ms = 0): void {
    if (link === 'online') this.#links.delete(meterNo);
    else this.#links.set(meterNo, { link, ms });
  }

  reaches(meterNo: string): boolean {
    return this.link(meterNo) !== 'dead';
  }

  /** Asks a meter, which changes nothing there: whether its answer arrives. */
  asks(meterNo: string): boolean {
    this.arrive();
    const { link } = this.#links.get(meterNo) ?? { link: 'online' };
    if (link === 'answer-lost' || link === 'slow') this.setLink(meterNo, 'online');
    return link === 'online';
  }

  send(meterNo: string, frame: string): Delivery {
    this.arrive();
    if (this.#travelling.has(meterNo + frame)) return { status: 'silent' };
    const { link, ms } = this.#links.get(meterNo) ?? { link: 'online', ms: 0 };
    switch (link) {
      case 'online':
        return { status: 'answered', result: this.hand(meterNo, frame) };
      case 'answer-lost':
        this.setLink(meterNo, 'online');
        this.hand(meterNo, frame);
        return { status: 'silent' };
      case 'slow':
        this.setLink(meterNo, 'online');
        this.#travelling.set(meterNo + frame, { meterNo, frame, at: this.#init.now() + ms });
        return { status: 'silent' };
      case 'offline':
        return { status: 'undelivered' };
      case 'dead':
        return { status: 'unreachable' };
    }
  }

  /** Gives a frame to its meter past every link: what a person does with a recorded frame. */
  hand(meterNo: string, frame: string): InsertResult {
    const result = this.#init.deliver(meterNo, frame);
    const sent = { frame, at: new Date(this.#init.now()).toISOString(), result };
    this.#log.set(meterNo, [...(this.#log.get(meterNo) ?? []), sent].slice(-KEPT));
    return result;
  }

  /** Lets frames arrive whose time has come. */
  arrive(): void {
    for (const [key, { meterNo, frame, at }] of this.#travelling) {
      if (at > this.#init.now()) continue;
      this.#travelling.delete(key);
      this.hand(meterNo, frame);
    }
  }

  frames(meterNo: string): readonly SentFrame[] {
    return this.#log.get(meterNo) ?? [];
  }
}
