import type { Clock } from '../clock.ts';
import { withoutExcess } from '../framing/atr-bytes.ts';
import { slotText } from '../usb/device-text.ts';
import { UsbError } from '../usb/error.ts';
import type { PcscCard, PcscPort } from '../usb/ports.ts';
import { ApduTime } from './apdu-time.ts';
import { Epoch } from './epoch.ts';
import { ReaderError, removed, unplugged } from './error.ts';
import type { ReaderErrorCode } from './error.ts';
import { GuardedSession } from './guarded-session.ts';
import { Listeners } from './listeners.ts';
import { modelOfName } from './models.ts';
import type { ReaderModel } from './models.ts';
import type { CardSession, CardSlot } from './slot.ts';
import { exchangeT0 } from './t0.ts';

/** A slot behind the system's PC/SC service, which owns reader, power and protocol. */
export class PcscSlot implements CardSlot {
  readonly name: string;
  /** As the service knows it. */
  readonly reader: string;
  readonly model: ReaderModel;
  readonly #port: PcscPort;
  readonly #time: ApduTime;
  readonly #listeners = new Listeners<boolean>();
  #card: PcscCard | undefined;
  /** Of `#card`. */
  #epoch: Epoch | undefined;

  /** With a clock, all commands that an APDU takes have one time together. */
  constructor(port: PcscPort, reader: string, clock?: Clock) {
    this.#port = port;
    this.reader = reader;
    this.name = slotText(reader) || 'PC/SC';
    this.#time = new ApduTime(clock);
    this.model = modelOfName(reader);
  }

  async present(): Promise<boolean> {
    const readers = await this.#port.readers();
    return readers.some(({ name, atr }) => name === this.reader && atr !== undefined);
  }

  onChange(listener: (present: boolean) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The service says that a card came or went: a session does not wait until the driver gives its command up. */
  notify(present: boolean): void {
    if (!present) this.#epoch?.leave();
    this.#listeners.emit(present);
  }

  /** The reader or the service is away, and a card with it where there was one. */
  lose(present: boolean): void {
    this.#epoch?.leave(unplugged());
    if (present) this.#listeners.emit(false);
  }

  /** Every session of ours ends by taking power away, so that connecting is a cold reset. */
  async open(): Promise<CardSession> {
    await this.#powerOff();
    const card = await this.#port.connect(this.reader).catch((error: unknown) => {
      throw asReaderError(error, 'open');
    });
    const epoch = new Epoch();
    [this.#card, this.#epoch] = [card, epoch];
    const pass = (apdu: Uint8Array): Promise<Uint8Array> =>
      // The driver grants time extensions without end: what is left of ours is what there is.
      card.transmit(apdu, this.#time.left).catch((error: unknown) => {
        throw asReaderError(error, 'exchange');
      });
    return new GuardedSession({
      atr: withoutExcess(card.atr),
      exchange: (apdu) => {
        this.#time.begin();
        return card.protocol === 0 ? exchangeT0(pass, apdu) : pass(apdu);
      },
      epoch,
      end: () => (this.#card === card ? this.#powerOff() : Promise.resolve()),
    });
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#powerOff();
  }

  async #powerOff(): Promise<void> {
    const card = this.#card;
    this.#epoch?.end();
    [this.#card, this.#epoch] = [undefined, undefined];
    await card?.disconnect();
  }
}

const MESSAGES: Readonly<Partial<Record<ReaderErrorCode, string>>> = {
  'reader.no-card': 'There is no card in the reader; put it in.',
  'reader.mute': 'The card does not answer; put it in the right way round.',
  'reader.busy': 'Another program uses the reader; close it and try again.',
  'reader.gone': 'The reader was unplugged; plug it in again.',
  'reader.timeout': 'The card takes too long; take it out and put it in again.',
};

function asReaderError(error: unknown, during: 'open' | 'exchange'): unknown {
  if (!(error instanceof UsbError)) return error;
  const code = codeOf(error, during);
  if (code === 'reader.removed') return removed(error);
  const message = MESSAGES[code] ?? 'The card did not answer; take it out and put it in again.';
  return new ReaderError({ code, message, cause: error, context: { ...error.context, during } });
}

function codeOf(error: UsbError, during: 'open' | 'exchange'): ReaderErrorCode {
  switch (error.code) {
    case 'pcsc.no-card':
    case 'pcsc.removed':
      return during === 'open' ? 'reader.no-card' : 'reader.removed';
    case 'pcsc.mute':
      return 'reader.mute';
    case 'pcsc.busy':
      return 'reader.busy';
    case 'pcsc.gone':
    case 'pcsc.no-service':
      return 'reader.gone';
    case 'pcsc.timeout':
      return 'reader.timeout';
    default:
      return 'reader.io';
  }
}
