import { systemClock } from '@bianmin/card/node/system-clock';
import { samplePurchase, type SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import { LyingPort } from '@bianmin/card/testing/node/hostile/lying-port';
import { NOTICE_LIES, READER_LIES } from '@bianmin/card/testing/node/hostile/reader-lies';
import { seededRandom } from '@bianmin/card/testing/random';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { VscardCard } from '@bianmin/card/testing/vscard-card';
import type { UsbPort } from '@bianmin/card/usb/ports';
import type { HostAnswers, HostRequests, Lie } from './line.ts';
import { connected, REDIRECTED_SEAT, SEATS, type Qemu, type Seat } from './qemu.ts';
import { KeyedReader } from './redir/keyed-reader.ts';
import { RedirectedPlug } from './redir/redirected.ts';

/** Messages of a lying reader that are honest: it is found, and its card is seen. */
const HONEST = 6;

type PlugAs = Pick<HostRequests['plug'], 'lie' | 'faults'>;

/** A place for a reader. */
interface Place {
  plug(as: PlugAs): Promise<void>;
  unplug(): Promise<void>;
  insert(card: SimulatedCard): void;
  remove(): void;
}

type Answering = {
  [K in keyof HostRequests]: (request: HostRequests[K]) => Promise<HostAnswers[K]> | HostAnswers[K];
};

/** QEMU's own reader: what it asks of its card comes by a socket. */
class OwnReader implements Place {
  readonly slot: VscardCard;
  readonly #qemu: Qemu;
  readonly #seat: Seat;

  static async open(qemu: Qemu, seat: Seat): Promise<OwnReader> {
    const socket = await connected(qemu.cardSocket(seat));
    const slot = new VscardCard({ write: (bytes) => void socket.write(bytes) });
    socket.on('data', (bytes) => {
      slot.receive(bytes);
    });
    return new OwnReader(qemu, seat, slot);
  }

  private constructor(qemu: Qemu, seat: Seat, slot: VscardCard) {
    this.#qemu = qemu;
    this.#seat = seat;
    this.slot = slot;
  }

  plug(): Promise<void> {
    return this.#qemu.plug(this.#seat);
  }

  unplug(): Promise<void> {
    return this.#qemu.unplug(this.#seat);
  }

  insert(card: SimulatedCard): void {
    this.slot.fate = () => 'answer';
    this.slot.insert(card);
  }

  remove(): void {
    this.slot.remove();
  }
}

/** A reader of ours with a keyboard in the same case: each of its bytes is ours. */
class RedirectedReader implements Place {
  readonly #plug: RedirectedPlug;
  readonly #reader = new SimulatedReader({ clock: systemClock, id: 'redirected' });
  #device: KeyedReader | undefined;

  static async open(qemu: Qemu): Promise<RedirectedReader> {
    const socket = await connected(qemu.deviceSocket);
    const plug = new RedirectedPlug((bytes) => void socket.write(bytes));
    socket.on('data', (bytes) => {
      plug.receive(bytes);
    });
    return new RedirectedReader(plug);
  }

  private constructor(plug: RedirectedPlug) {
    this.#plug = plug;
  }

  plug({ lie, faults = {} }: PlugAs): Promise<void> {
    this.#reader.faults = { ...faults };
    const honest = this.#reader.attach();
    const port = lie === undefined ? honest : lyingPort(honest, lie);
    this.#device = new KeyedReader(port);
    this.#plug.plug(this.#device);
    return Promise.resolve();
  }

  async unplug(): Promise<void> {
    this.#plug.unplug();
    await this.#device?.leave();
    this.#device = undefined;
  }

  insert(card: SimulatedCard): void {
    this.#reader.insert(card);
  }

  remove(): void {
    this.#reader.eject();
  }

  press(): void {
    this.#device?.press();
  }
}

/** Each of its answers from the first command to a card on. */
function lyingPort(port: UsbPort, { of, name, seed }: Lie): UsbPort {
  const known = of === 'answers' ? READER_LIES[name] : NOTICE_LIES[name];
  if (known === undefined) throw new Error(`There is no lie "${name}".`);
  const draw = seededRandom(seed);
  const shared = { port, clock: systemClock, draw };
  return of === 'answers'
    ? new LyingPort({ ...shared, lie: READER_LIES[name], from: HONEST, times: Number.MAX_SAFE_INTEGER })
    : new LyingPort({ ...shared, from: 0, times: 0, notices: NOTICE_LIES[name]?.(draw) });
}

/** Cards, meters and readers, as the guest asks for them. */
export class Seats {
  readonly #own: ReadonlyMap<number, OwnReader>;
  readonly #redirected: RedirectedReader;
  /** The card that is, or was, at each place. */
  readonly #purchases = new Map<number, SamplePurchase>();

  static async open(qemu: Qemu): Promise<Seats> {
    const own = new Map<number, OwnReader>();
    for (const seat of SEATS) own.set(seat, await OwnReader.open(qemu, seat));
    return new Seats(own, await RedirectedReader.open(qemu));
  }

  private constructor(own: ReadonlyMap<number, OwnReader>, redirected: RedirectedReader) {
    this.#own = own;
    this.#redirected = redirected;
  }

  readonly answering: Omit<Answering, 'row' | 'end'> = {
    plug: async ({ seat, ...as }) => {
      await this.#at(seat).plug(as);
      return null;
    },
    unplug: async ({ seat }) => {
      await this.#at(seat).unplug();
      return null;
    },
    card: ({ seat, of, seed, protocol }) => {
      this.#purchases.set(seat, samplePurchase(of, { cipher: tripleDes, seed, protocol }));
      return null;
    },
    insert: ({ seat }) => {
      this.#at(seat).insert(this.#purchase(seat).card);
      return null;
    },
    remove: ({ seat }) => {
      this.#at(seat).remove();
      return null;
    },
    'press-key': () => {
      this.#redirected.press();
      return null;
    },
    fate: ({ seat, at, fate }) => {
      this.#slot(seat).fate = (nth) => (at === 'each' || nth === at ? fate : 'answer');
      return null;
    },
    'answer-now': ({ seat }) => {
      this.#slot(seat).answerNow();
      return null;
    },
    commands: ({ seat }) => this.#slot(seat).commands,
    meter: ({ seat }) => {
      const { meter, card } = this.#purchase(seat);
      const { creditedFen, error } = meter.insert(card);
      return { creditedFen, error: error === undefined ? null : String(error) };
    },
  };

  #at(seat: number): Place {
    const at = seat === REDIRECTED_SEAT ? this.#redirected : this.#own.get(seat);
    if (at === undefined) throw new Error(`There is no seat ${seat}.`);
    return at;
  }

  #slot(seat: number): VscardCard {
    const own = this.#own.get(seat);
    if (own === undefined) throw new Error(`Seat ${seat} has no reader of QEMU's.`);
    return own.slot;
  }

  #purchase(seat: number): SamplePurchase {
    const purchase = this.#purchases.get(seat);
    if (purchase === undefined) throw new Error(`Seat ${seat} has no card.`);
    return purchase;
  }
}
