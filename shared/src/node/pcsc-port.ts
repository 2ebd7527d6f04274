import { fromHex, toHex } from '../bytes/hex.ts';
import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { Stop } from '../stop.ts';
import type { PcscCard, PcscPort, PcscReader } from '../usb/ports.ts';
import { pcscMessage } from './pcsc-messages.ts';
import type { PcscMessage } from './pcsc-messages.ts';
import { isNameless, pcscError } from './pcsc-error.ts';
import type { PcscChild } from './pcsc-fork.ts';
import { forkPcscChild } from './pcsc-fork.ts';

export interface PcscPortInit {
  readonly clock: Clock;
  /** Another way to start the child. */
  readonly start?: () => PcscChild;
}

/** A child that has not found the service by then has none, or sits in the library's busy loop. */
const READY_MS = 10_000;
/** Between a lost service and the next try. */
const RETRY_MS = 5_000;
/** Connecting powers a card up, which a mute one draws out over three voltages. */
const CONNECT_MS = 15_000;
/** The service looks for cards every 400 ms (pcsc-lite), and a command that met no card fails before it has looked. */
const LOOK_MS = 1_500;

/** The PC/SC service of this machine; `pcsc.no-service` where none is running. A service lost later is waited for. */
export async function openPcscPort(init: PcscPortInit): Promise<PcscPort> {
  const port = new ChildPcscPort(init);
  if (await port.begin()) return port;
  await port.close();
  throw pcscError('pcsc.no-service');
}

type Settle = (message: Extract<PcscMessage, { type: 'done' | 'failed' }>) => void;

class ChildPcscPort implements PcscPort {
  readonly #init: PcscPortInit;
  readonly #start: () => PcscChild;
  readonly #listeners = new Listeners<undefined>();
  readonly #readers = new Map<string, Uint8Array | undefined>();
  readonly #cards = new Map<string, object>();
  readonly #waiting = new Map<number, Settle>();
  readonly #closing = new Stop();
  #child: PcscChild | undefined;
  #nextId = 1;

  constructor(init: PcscPortInit) {
    this.#init = init;
    this.#start = init.start ?? (() => forkPcscChild());
  }

  /** Starts a child; false where it does not find the service. */
  async begin(): Promise<boolean> {
    const child = this.#start();
    this.#child = child;
    const ready = await new Promise<boolean>((resolve) => {
      const timer = new Stop();
      const settle = (found: boolean): void => {
        timer.stop();
        resolve(found);
      };
      child.onMessage((raw) => {
        const message = pcscMessage.parse(raw);
        if (message.type === 'ready') settle(true);
        else if (this.#child === child) this.#hear(message);
      });
      child.onExit(() => {
        settle(false);
      });
      this.#init.clock.sleep(READY_MS, timer.signal).then(
        () => {
          settle(false);
        },
        () => undefined,
      );
    });
    if (!ready) {
      this.#child = undefined;
      child.kill();
      return false;
    }
    child.onExit(() => {
      if (this.#child !== child) return;
      this.#lose();
      this.#listeners.emit(undefined);
    });
    return true;
  }

  readers(): Promise<readonly PcscReader[]> {
    return Promise.resolve([...this.#readers].map(([name, atr]) => ({ name, atr })));
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async connect(reader: string): Promise<PcscCard> {
    if (this.#readers.has(reader) && this.#readers.get(reader) === undefined) throw pcscError('pcsc.no-card');
    const token = {};
    this.#cards.set(reader, token);
    const { protocol = 0 } = await this.#ask({ op: 'connect', reader }, CONNECT_MS);
    const ours = (): boolean => this.#cards.get(reader) === token;
    return {
      atr: this.#readers.get(reader) ?? new Uint8Array(),
      protocol,
      transmit: async (apdu, timeoutMs) => {
        if (!ours()) throw pcscError('pcsc.removed');
        try {
          const { data = '' } = await this.#ask({ op: 'transmit', reader, data: toHex(apdu) }, timeoutMs);
          const answer = fromHex(data);
          if (answer.length >= 2) return answer;
          throw pcscError('pcsc.io');
        } catch (error) {
          throw isNameless(error) && (await this.#leaves(reader)) ? pcscError('pcsc.removed') : error;
        }
      },
      disconnect: async () => {
        if (!ours()) return;
        this.#cards.delete(reader);
        await this.#ask({ op: 'disconnect', reader }, CONNECT_MS).catch(() => undefined);
      },
    };
  }

  close(): Promise<void> {
    this.#closing.stop();
    this.#listeners.clear();
    const child = this.#child;
    this.#child = undefined;
    this.#forget();
    child?.kill();
    return Promise.resolve();
  }

  #hear(message: Exclude<PcscMessage, { type: 'ready' }>): void {
    switch (message.type) {
      case 'reader':
        this.#readers.set(message.reader, message.atr === undefined ? undefined : fromHex(message.atr));
        this.#listeners.emit(undefined);
        return;
      case 'reader-gone':
        this.#readers.delete(message.reader);
        this.#listeners.emit(undefined);
        return;
      case 'done':
      case 'failed':
        this.#waiting.get(message.id)?.(message);
    }
  }

  async #ask(
    request:
      { op: 'connect' | 'disconnect'; reader: string } | { op: 'transmit'; reader: string; data: string },
    timeoutMs: number,
  ): Promise<Extract<PcscMessage, { type: 'done' }>> {
    const child = this.#child;
    if (child === undefined) throw pcscError('pcsc.no-service');
    const id = this.#nextId++;
    const timer = new Stop();
    try {
      const answer = await new Promise<Parameters<Settle>[0] | 'late'>((resolve) => {
        this.#waiting.set(id, resolve);
        this.#init.clock.sleep(timeoutMs, timer.signal).then(
          () => {
            resolve('late');
          },
          () => undefined,
        );
        child.send({ id, ...request });
      });
      if (answer === 'late') {
        // The service cannot be told to give a command up; another process can.
        if (this.#child === child) {
          // Heard after the time-out, which says more than that the reader is away.
          setImmediate(() => {
            this.#listeners.emit(undefined);
          });
          this.#lose();
          child.kill();
        }
        throw pcscError('pcsc.timeout');
      }
      if (answer.type === 'failed') throw pcscError(answer.code, answer.status);
      return answer;
    } finally {
      timer.stop();
      this.#waiting.delete(id);
    }
  }

  /** Whether the card turns out to have left; resolves as soon as that is known. */
  async #leaves(reader: string): Promise<boolean> {
    const found = new Stop();
    const left = (): boolean => this.#readers.get(reader) === undefined;
    const off = this.onChange(() => {
      if (left()) found.stop();
    });
    if (!left()) await this.#init.clock.sleep(LOOK_MS, found.signal).catch(() => undefined);
    off();
    return left();
  }

  /** The child is gone: so are its readers and cards, until another one finds the service. */
  #lose(): void {
    this.#child = undefined;
    this.#forget();
    void this.#retry();
  }

  async #retry(): Promise<void> {
    try {
      while (!this.#closing.stopped) {
        await this.#init.clock.sleep(RETRY_MS, this.#closing.signal);
        if (await this.begin()) return;
      }
    } catch {
      // Closed while waiting.
    }
  }

  #forget(): void {
    this.#readers.clear();
    this.#cards.clear();
    for (const [id, settle] of this.#waiting) settle({ type: 'failed', id, code: 'pcsc.no-service' });
  }
}
