import { samplePurchase, type SamplePurchase } from '@bianmin/shared/testing/sample-purchase';
import { tripleDes } from '@bianmin/shared/testing/node/triple-des';
import { VscardCard } from '@bianmin/shared/testing/vscard-card';
import type { HostAnswers, HostRequests } from './line.ts';
import { connected, SEATS, type Qemu, type Seat } from './qemu.ts';

/** A place for a reader, with the card that is, or was, in it. */
interface Occupied {
  readonly slot: VscardCard;
  purchase?: SamplePurchase;
}

type Answering = {
  [K in keyof HostRequests]: (request: HostRequests[K]) => Promise<HostAnswers[K]> | HostAnswers[K];
};

/** Cards, meters and readers, as the guest asks for them. */
export class Seats {
  readonly #qemu: Qemu;
  readonly #seats: ReadonlyMap<number, Occupied>;

  static async open(qemu: Qemu): Promise<Seats> {
    const seats = new Map<number, Occupied>();
    for (const seat of SEATS) {
      const socket = await connected(qemu.cardSocket(seat));
      const slot = new VscardCard({ write: (bytes) => void socket.write(bytes) });
      socket.on('data', (bytes) => {
        slot.receive(bytes);
      });
      seats.set(seat, { slot });
    }
    return new Seats(qemu, seats);
  }

  private constructor(qemu: Qemu, seats: ReadonlyMap<number, Occupied>) {
    this.#qemu = qemu;
    this.#seats = seats;
  }

  readonly answering: Omit<Answering, 'row' | 'end'> = {
    plug: async ({ seat }) => {
      await this.#qemu.plug(seat as Seat);
      return null;
    },
    unplug: async ({ seat }) => {
      await this.#qemu.unplug(seat as Seat);
      return null;
    },
    card: ({ seat, seed, protocol }) => {
      this.#at(seat).purchase = samplePurchase('CPU', { cipher: tripleDes, seed, protocol });
      return null;
    },
    insert: ({ seat }) => {
      const { slot } = this.#at(seat);
      slot.fate = () => 'answer';
      slot.insert(this.#purchase(seat).card);
      return null;
    },
    remove: ({ seat }) => {
      this.#at(seat).slot.remove();
      return null;
    },
    fate: ({ seat, at, fate }) => {
      this.#at(seat).slot.fate = (nth) => (nth === at ? fate : 'answer');
      return null;
    },
    'answer-now': ({ seat }) => {
      this.#at(seat).slot.answerNow();
      return null;
    },
    commands: ({ seat }) => this.#at(seat).slot.commands,
    meter: ({ seat }) => {
      const { meter, card } = this.#purchase(seat);
      const { creditedFen, error } = meter.insert(card);
      return { creditedFen, error: error === undefined ? null : String(error) };
    },
  };

  #at(seat: number): Occupied {
    const at = this.#seats.get(seat);
    if (at === undefined) throw new Error(`There is no seat ${seat}.`);
    return at;
  }

  #purchase(seat: number): SamplePurchase {
    const { purchase } = this.#at(seat);
    if (purchase === undefined) throw new Error(`Seat ${seat} has no card.`);
    return purchase;
  }
}
