import { fromHex, toHex } from '../bytes/hex.ts';
import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { Stop } from '../stop.ts';
import type { PcscCard, PcscPort, PcscReader } from '../usb/ports.ts';
import { GuardedChild } from './guarded-child.ts';
import type { ChildLoss, ChildSaid, ReaderChild } from './guarded-child.ts';
import { pcscMessage } from './pcsc-messages.ts';
import type { PcscMessage } from './pcsc-messages.ts';
import { isNameless, pcscError } from './pcsc-error.ts';
import { forkReaderChild } from './reader-fork.ts';

export interface PcscPortInit {
  readonly clock: Clock;
  /** Another way to start the child. */
  readonly start?: () => ReaderChild;
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

type Answer = Extract<PcscMessage, { type: 'done' | 'failed' }>;
type News = Extract<PcscMessage, { type: 'reader' | 'reader-gone' }>;

function sorted(raw: unknown): ChildSaid<Answer, News> {
  const message = pcscMessage.parse(raw);
  if (message.type === 'ready') return 'ready';
  return message.type === 'done' || message.type === 'failed' ? { answer: message } : { news: message };
}

class ChildPcscPort implements PcscPort {
  readonly #clock: Clock;
  readonly #child: GuardedChild<Answer, News>;
  readonly #listeners = new Listeners<undefined>();
  readonly #readers = new Map<string, Uint8Array | undefined>();
  readonly #cards = new Map<string, object>();

  constructor({ clock, start = () => forkReaderChild('pcsc') }: PcscPortInit) {
    this.#clock = clock;
    this.#child = new GuardedChild({
      ...{ clock, start, sort: sorted, readyMs: READY_MS },
      hear: (news) => {
        this.#hear(news);
      },
      onLost: (loss) => {
        this.#lose(loss);
      },
      pauseMs: () => RETRY_MS,
      // No pulse: the library blocks its event loop while a command is under way and a card comes or goes.
    });
  }

  /** Starts a child; false where it does not find the service. */
  begin(): Promise<boolean> {
    return this.#child.begin();
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
    this.#listeners.clear();
    this.#forget();
    this.#child.close();
    return Promise.resolve();
  }

  #hear(message: News): void {
    if (message.type === 'reader-gone') this.#readers.delete(message.reader);
    else this.#readers.set(message.reader, message.atr === undefined ? undefined : fromHex(message.atr));
    this.#listeners.emit(undefined);
  }

  async #ask(
    request:
      { op: 'connect' | 'disconnect'; reader: string } | { op: 'transmit'; reader: string; data: string },
    timeoutMs: number,
  ): Promise<Extract<Answer, { type: 'done' }>> {
    const answer = await this.#child.ask(request, timeoutMs);
    if (answer === 'lost') throw pcscError('pcsc.no-service');
    // The service cannot be told to give a command up; another process can.
    if (answer === 'late') throw pcscError('pcsc.timeout');
    if (answer.type === 'failed') throw pcscError(answer.code, answer.status);
    return answer;
  }

  /** Whether the card turns out to have left; resolves as soon as that is known. */
  async #leaves(reader: string): Promise<boolean> {
    const found = new Stop();
    const left = (): boolean => this.#readers.get(reader) === undefined;
    const off = this.onChange(() => {
      if (left()) found.stop();
    });
    if (!left()) await this.#clock.sleep(LOOK_MS, found.signal).catch(() => undefined);
    off();
    return left();
  }

  /** The child is gone: so are its readers and cards, until another one finds the service. */
  #lose(loss: ChildLoss): void {
    this.#forget();
    const tell = (): void => {
      this.#listeners.emit(undefined);
    };
    // Heard after the time-out, which says more than that the reader is away.
    if (loss === 'late') setImmediate(tell);
    else tell();
  }

  #forget(): void {
    this.#readers.clear();
    this.#cards.clear();
  }
}
