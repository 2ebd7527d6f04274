import { performance } from 'node:perf_hooks';
import type { Clock } from '@bianmin/card/clock';
import { TokenBucket } from '../kernel/token-bucket.ts';

/** How busy the event loop may be, 0 to 1, and over how long that is looked at, ms. */
export interface Room {
  readonly busy: number;
  readonly everyMs: number;
}
/** For what costs a signature of a terminal's own and a trip to the database. */
export const ROOM_FOR_KEYS: Room = { busy: 0.7, everyMs: 100 };
/** For a beat by its key: refusing it costs hardly less than taking it, so that only what waits is limited. */
export const ROOM_FOR_BEATS: Room = { busy: 1, everyMs: 100 };

/** However busy it is, so many a second go on: no caller waits for ever. */
const LEAST_PER_SECOND = 100;
/**
 * Turns are handed out at no less than this pace, a second, however little is let in just then: a crowd that is refused makes the loop busy by
 * that alone, and turns at its pace would leave nothing to do afterwards. Who comes too early is given another.
 */
const TURNS_PER_SECOND = 400;
/** By how much more is let in with each look, while there is room. */
const MORE = 1.1;
/** Let in at once, of what a second may bring, and at least: a burst is what an order would have to wait behind. */
const BURST = { seconds: 0.02, least: 10 };
/** Work in hand that waits for Redis or the database; above it these are the ones that are busy. */
const IN_HAND = 256;
/** The longest and the shortest wait that is asked for, s. */
const WAIT_S = { least: 2, most: 300 };

export interface AdmissionInit {
  readonly room: Room;
  /** 0 to 1, another with each call. */
  readonly random: () => number;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Share of the time since the last call in which the event loop was busy, 0 to 1. */
  readonly busy: () => number;
}

/**
 * Lets in as much of what can wait as leaves room for what cannot. Who has to wait is told when to come again, each at a
 * moment of its own: the crowd is handed out over the time that it takes to work it off, and asks once instead of again and
 * again.
 */
export class Admission {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #busy: () => number;
  readonly #most: Room;
  readonly #random: () => number;
  /** A second; infinite while there is room. */
  #rate = Infinity;
  #lookedAt: number;
  #letIn = 0;
  #inHand = 0;
  /** Of what may come in now. */
  readonly #room: TokenBucket;
  /** The first moment that no caller was told to come at. */
  #nextTurn = 0;

  constructor({ clock, busy, room, random }: AdmissionInit) {
    this.#clock = clock;
    this.#most = room;
    this.#random = random;
    this.#busy = busy;
    this.#lookedAt = clock.monotonic();
    this.#room = new TokenBucket(BURST.least, this.#lookedAt);
  }

  /** Nothing: it may come in, and `leave` is to be called. Else how long it has to wait, s. */
  enter(): { readonly waitS: number } | undefined {
    const now = this.#clock.monotonic();
    if (now - this.#lookedAt >= this.#most.everyMs) this.#look(now);
    if (this.#inHand >= IN_HAND || !this.#roomFor(now)) return { waitS: this.#turn(now) };
    this.#letIn += 1;
    this.#inHand += 1;
    return undefined;
  }

  leave(): void {
    this.#inHand -= 1;
  }

  #look(now: number): void {
    const seconds = (now - this.#lookedAt) / 1000;
    const perSecond = this.#letIn / seconds;
    const busy = this.#busy();
    this.#lookedAt = now;
    this.#letIn = 0;
    if (busy > this.#most.busy) {
      // What was let in is not all that made it busy, but it is what can give way.
      this.#rate = Math.max(LEAST_PER_SECOND, (Math.min(perSecond, this.#rate) * this.#most.busy) / busy);
    } else if (this.#rate !== Infinity) {
      this.#rate *= MORE;
      // Far more than comes: there is no limit any more.
      if (this.#rate > 10 * Math.max(perSecond, LEAST_PER_SECOND)) this.#rate = Infinity;
    }
  }

  #roomFor(now: number): boolean {
    if (this.#rate === Infinity) return true;
    const most = Math.max(BURST.least, this.#rate * BURST.seconds);
    return this.#room.take(now, { perSecond: this.#rate, most });
  }

  #turn(now: number): number {
    const perSecond = this.#rate === Infinity ? TURNS_PER_SECOND : Math.max(TURNS_PER_SECOND, this.#rate);
    const [soonest, latest] = [now + WAIT_S.least * 1000, now + WAIT_S.most * 1000];
    const turn = Math.max(soonest, this.#nextTurn);
    // More than can be handed out: anywhere in the later half, or they all would come at its end.
    if (turn >= latest) return Math.ceil(WAIT_S.most * (0.5 + 0.5 * this.#random()));
    this.#nextTurn = turn + 1000 / perSecond;
    return Math.ceil((turn - now) / 1000);
  }
}

/** Of this process's event loop. */
export function eventLoopBusy(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
