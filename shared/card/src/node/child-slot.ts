import { fromHex, toHex } from '../bytes/hex.ts';
import { APDU_MS } from '../reader/apdu-time.ts';
import { unplugged } from '../reader/error.ts';
import { Listeners } from '../reader/listeners.ts';
import { READER_MODELS } from '../reader/models.ts';
import type { ReaderModel } from '../reader/models.ts';
import { deviceText, slotText } from '../usb/device-text.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';
import type { SlotMessage, SlotRequest } from './slot-messages.ts';

/** A request without its number; of each kind. */
type Asked<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/** Asks the child; fails with the error that it says, `reader.gone` where it is lost, `reader.timeout` after `limitMs`. */
export type AskChild = (
  request: Asked<SlotRequest>,
  limitMs: number,
) => Promise<Extract<SlotMessage, { type: 'done' }>>;

/** The child ends an APDU itself, with its abort, and what waits behind it; this is for a promise that it lost. */
const COMMAND_MS = APDU_MS + 15_000;
/** Three voltages, a warm reset and what is negotiated. */
const OPEN_MS = 90_000;

/** A slot of a reader that another process drives, for as long as that process lives: it comes back as another slot. */
export class ChildSlot implements CardSlot {
  readonly name: string;
  readonly model: ReaderModel;
  readonly #id: number;
  readonly #ask: AskChild;
  readonly #listeners = new Listeners<boolean>();
  /** The session opened last, by the child's number. */
  #session: number | undefined;
  #lost = false;

  constructor({ slot, name, model }: Extract<SlotMessage, { type: 'slot' }>, ask: AskChild) {
    this.#id = slot;
    this.name = slotText(name);
    this.model = READER_MODELS.find(({ id }) => id === model.id) ?? {
      ...model,
      name: deviceText(model.name),
    };
    // The next child has numbers of its own, and may give them to other cards.
    this.#ask = (request, limitMs) => (this.#lost ? Promise.reject(unplugged()) : ask(request, limitMs));
  }

  async present(): Promise<boolean> {
    const { present = false } = await this.#ask({ op: 'present', slot: this.#id }, COMMAND_MS);
    return present;
  }

  onChange(listener: (present: boolean) => void): () => void {
    return this.#listeners.add(listener);
  }

  async open(): Promise<CardSession> {
    const { session = 0, data = '' } = await this.#ask({ op: 'open', slot: this.#id }, OPEN_MS);
    this.#session = session;
    return {
      atr: fromHex(data),
      transmit: async (apdu) => {
        const answer = await this.#ask({ op: 'transmit', session, data: toHex(apdu) }, COMMAND_MS);
        return fromHex(answer.data ?? '');
      },
      end: () => this.#end(session),
    };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    if (this.#session !== undefined) await this.#end(this.#session);
  }

  /** A card came or went. */
  tell(present: boolean): void {
    this.#listeners.emit(present);
  }

  /** The reader is away, or the process that drives it: nothing is asked any more. */
  lose(): void {
    this.#lost = true;
  }

  async #end(session: number): Promise<void> {
    await this.#ask({ op: 'end', session }, COMMAND_MS).catch(() => undefined);
  }
}
