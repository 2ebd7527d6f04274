import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '@bianmin/card/clock';
import { systemClock } from '@bianmin/card/node/system-clock';
import { createListener, openListener, type ListenerInit } from '@bianmin/purchase/node/listener';

/** Longer than a proxy leaves a connection to us unused, so that it never meets one that we just closed. */
const KEEP_ALIVE_MS = 65_000;
/** Between two looks at what is in hand. */
const SETTLING_MS = 50;

export interface Listening {
  /** `http://host:port`, with the port that was given where 0 was asked for. */
  readonly url: string;
  /**
   * From now on each answer closes its connection, so that a proxy keeps none: it would send its next request on one
   * that is being closed, and may not send a POST twice.
   */
  drain(): void;
  /** Resolves when nothing has come for a while, or when that takes too long. */
  quiet(init: { forMs: number; atMostMs: number }): Promise<void>;
  /** Resolves when no request is in hand, or after that long. The port stays open. */
  settled(atMostMs: number): Promise<void>;
  /** Takes no further connection, lets requests finish for at most `graceMs`, then cuts. */
  close(graceMs: number): Promise<void>;
}

export interface ListenInit extends Omit<ListenerInit, 'keepAliveMs'> {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clock?: Clock;
}

/** Serves on host and port; rejects where the port is taken. */
export async function listen({ host, port, clock = systemClock, ...init }: ListenInit): Promise<Listening> {
  const server = createListener({ ...init, keepAliveMs: KEEP_ALIVE_MS });
  const connections = new Connections(server, clock);
  return {
    url: await openListener(server, { host, port }),
    drain: () => {
      connections.drain();
    },
    quiet: (init) => connections.quiet(init),
    settled: (atMostMs) => connections.settled(atMostMs),
    async close(graceMs) {
      // Right after Node has taken what waits at the port: the kernel resets what it finds there when it closes.
      await setImmediate();
      await new Promise<void>((resolve) => {
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        connections.leave();
      });
    },
  };
}

/**
 * Which connections have a request in hand. Node's own `closeIdleConnections` leaves alone what was opened ahead
 * and never used, and looks once: a connection whose last request ends later would be kept alive.
 */
class Connections {
  readonly #requests = new Map<Socket, number>();
  #draining = false;
  readonly #clock: Clock;
  #lastAt: number;
  #leaving = false;

  constructor(server: Server, clock: Clock) {
    this.#clock = clock;
    this.#lastAt = clock.monotonic();
    server.on('connection', (socket) => {
      this.#lastAt = clock.monotonic();
      this.#requests.set(socket, 0);
      socket.once('close', () => this.#requests.delete(socket));
    });
    // First of all listeners: the handler may write the head at once.
    server.prependListener('request', ({ socket }, response) => {
      this.#lastAt = clock.monotonic();
      if (this.#draining) response.shouldKeepAlive = false;
      this.#change(socket, 1);
      response.once('close', () => {
        this.#change(socket, -1);
      });
    });
  }

  drain(): void {
    this.#draining = true;
  }

  async quiet({ forMs, atMostMs }: { forMs: number; atMostMs: number }): Promise<void> {
    const end = this.#clock.monotonic() + atMostMs;
    for (;;) {
      const left = Math.min(this.#lastAt + forMs, end) - this.#clock.monotonic();
      if (left <= 0) return;
      await this.#clock.sleep(Math.ceil(left));
    }
  }

  async settled(atMostMs: number): Promise<void> {
    const end = this.#clock.monotonic() + atMostMs;
    while (this.#inHand() && this.#clock.monotonic() < end) await this.#clock.sleep(SETTLING_MS);
  }

  /** Closes what is idle, and everything else as soon as it is. */
  leave(): void {
    this.#leaving = true;
    for (const socket of this.#requests.keys()) this.#change(socket, 0);
  }

  #inHand(): boolean {
    return [...this.#requests.values()].some((count) => count > 0);
  }

  #change(socket: Socket, by: number): void {
    const count = this.#requests.get(socket);
    if (count === undefined) return;
    this.#requests.set(socket, count + by);
    if (this.#leaving && count + by === 0) socket.destroySoon();
  }
}
