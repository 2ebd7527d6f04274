import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '@bianmin/card/clock';
import type { Dialect, Packet, PacketFault } from './dialect.ts';
import type { Faults } from './faults.ts';
import type { Delivery } from './model.ts';

const HOLD_MS = 60_000;
/** How many of the newest packets can be replayed. */
const REPLAYABLE = 1_000;

export interface NotifierInit {
  readonly clock: Clock;
  readonly dialect: Dialect;
  readonly faults: Faults;
  readonly changed: () => void;
  readonly deliveries?: readonly Delivery[] | undefined;
  /** ms */
  readonly ackTimeoutMs: number;
}

/** A fresh delivery of `content` to `url`. */
export function newDelivery(init: Omit<Delivery, 'id' | 'attempts' | 'status'>): Delivery {
  return { id: randomUUID(), ...init, attempts: [], status: 'pending' };
}

/** Delivers notifications with the real schedule of retries, divided by the knob `timeScale`. */
export class Notifier {
  readonly #init: NotifierInit;
  readonly #clock: Clock;
  readonly #faults: Faults;
  readonly #stop = new AbortController();
  readonly #deliveries: Delivery[] = [];
  readonly #about = new Map<string, Delivery[]>();
  readonly #lastPackets = new Map<string, Packet>();
  /** Work that goes on now, as opposed to waiting for a later time. */
  readonly #busy = new Set<Promise<void>>();
  #held: (() => void)[] = [];

  constructor(init: NotifierInit) {
    this.#init = init;
    this.#clock = init.clock;
    this.#faults = init.faults;
    for (const each of init.deliveries ?? []) this.#keep(each);
    for (const each of this.#deliveries) if (each.status === 'pending') this.#track(this.#attempt(each));
  }

  get deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  /** What was said of one payment or refund. */
  about(number: string): readonly Delivery[] {
    return this.#about.get(number) ?? [];
  }

  /** Sends a notification, as the next fault of the knobs says. */
  send(delivery: Delivery): void {
    this.#keep(delivery);
    const fault = this.#faults.takeNotify(delivery.kind, delivery.about);
    switch (fault?.kind) {
      case 'lost':
        delivery.status = 'lost';
        break;
      case 'late':
        this.#later(fault.delayMs, () => this.#attempt(delivery));
        break;
      case 'out-of-order':
        this.#hold(delivery);
        break;
      case 'duplicate':
        this.#track(this.#attempt(delivery));
        this.#track(this.#attempt(delivery));
        break;
      case 'replay':
        this.#track(this.#attempt(delivery).then(() => this.replay(delivery.id)));
        break;
      case 'bad-signature':
      case 'tampered':
      case 'unknown-serial':
      case 'signtest':
      case 'stale':
      case 'other-key':
      case 'wrong-amount':
      case 'foreign-merchant':
      case 'foreign-app':
      case 'foreign-currency':
      case undefined:
        this.#track(this.#attempt(delivery, fault?.kind));
    }
    this.#init.changed();
  }

  /** The bytes and headers of the last attempt once more, as an attacker who recorded them would. */
  async replay(id: string): Promise<number> {
    const delivery = this.#deliveries.find((each) => each.id === id);
    const packet = this.#lastPackets.get(id);
    if (delivery === undefined || packet === undefined)
      throw new Error('This notification was not sent yet, or too long ago.');
    return (await this.#post(delivery.url, packet)).status;
  }

  /** Resolves once nothing is being delivered; retries that wait for their time do not count. */
  async idle(): Promise<void> {
    // What became due just now has not begun yet.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#busy.size > 0) await Promise.all(this.#busy);
  }

  close(): void {
    this.#stop.abort(new Error('The wallet is closing.'));
  }

  async #attempt(delivery: Delivery, fault?: PacketFault): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { dialect } = this.#init;
    const { signWith } = this.#faults.settings;
    const packet = dialect.pack({ delivery, signWith, nowMs: this.#clock.now(), fault });
    this.#remember(delivery.id, packet);
    let answer: string;
    try {
      const { status, body } = await this.#post(delivery.url, packet);
      answer = String(status);
      if (dialect.isAcknowledged(status, body)) delivery.status = 'acknowledged';
    } catch (error) {
      answer = (error as NodeJS.ErrnoException).code ?? 'no answer';
    }
    delivery.attempts.push({ at: this.#clock.now(), answer });
    if (delivery.status === 'pending') this.#retry(delivery);
    this.#init.changed();
    if (this.#held.length > 0) {
      const held = this.#held;
      this.#held = [];
      for (const release of held) release();
    }
  }

  #keep(delivery: Delivery): void {
    this.#deliveries.push(delivery);
    const others = this.#about.get(delivery.about);
    if (others === undefined) this.#about.set(delivery.about, [delivery]);
    else others.push(delivery);
  }

  #remember(id: string, packet: Packet): void {
    this.#lastPackets.delete(id);
    this.#lastPackets.set(id, packet);
    for (const oldest of this.#lastPackets.keys()) {
      if (this.#lastPackets.size <= REPLAYABLE) break;
      this.#lastPackets.delete(oldest);
    }
  }

  #retry(delivery: Delivery): void {
    const seconds = this.#init.dialect.retrySeconds[delivery.attempts.length - 1];
    if (seconds === undefined) {
      delivery.status = 'given-up';
      return;
    }
    this.#later((seconds * 1000) / this.#faults.settings.timeScale, async () => {
      if (delivery.status === 'pending') await this.#attempt(delivery);
    });
  }

  /** Until another notification was delivered, or for a minute when none is. */
  #hold(delivery: Delivery): void {
    let held = true;
    const release = async (): Promise<void> => {
      if (!held) return;
      held = false;
      await this.#attempt(delivery);
    };
    this.#held.push(() => this.#track(release()));
    this.#later(HOLD_MS / this.#faults.settings.timeScale, release);
  }

  #later(ms: number, work: () => Promise<void>): void {
    this.#clock.sleep(ms, this.#stop.signal).then(
      () => this.#track(work()),
      () => undefined,
    );
  }

  #track(work: Promise<unknown>): void {
    const settled: Promise<void> = work
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#busy.delete(settled));
    this.#busy.add(settled);
  }

  #post(url: string, packet: Packet): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const send = url.startsWith('https:') ? httpsRequest : httpRequest;
      const request = send(
        url,
        {
          method: 'POST',
          headers: { ...packet.headers, 'Content-Length': Buffer.byteLength(packet.body) },
          signal: this.#stop.signal,
          timeout: this.#init.ackTimeoutMs,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      request.on('timeout', () =>
        request.destroy(Object.assign(new Error('no answer'), { code: 'TIMEOUT' })),
      );
      request.on('error', reject);
      request.end(packet.body);
    });
  }
}
