import type { Clock } from '@bianmin/card/clock';
import { Mutex } from '@bianmin/purchase/purchase/mutex';
import type { HandedOut, Order } from '../../orders/model/order.ts';
import { orderNoOf } from '../../orders/model/order-no.ts';
import type { PaymentEvidence, RefundEvidence, RefundRequest } from '../../gateways/payment/contract.ts';
import { PaymentError } from '../../gateways/payment/error.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { handOutId, withEntry, type CommitteeFloat, type FloatEntry, type FloatRefusal } from './float.ts';
import type { FloatStore } from './float-store.ts';
import {
  begun,
  closedShiftId,
  countedShift,
  openShiftOf,
  shiftOf,
  withShift,
  type Count,
  type CountedShift,
  type NewShift,
  type Shift,
} from './shift.ts';

const MAX_RACES = 30;
/** Entries that stay in the float's own document before they are moved into the book. */
const MAX_RECENT = 50;

/** What of the floats' store the desk works on. */
export type FloatBook = Pick<FloatStore, 'get' | 'replace' | 'booked' | 'book' | 'hasSlip'>;

type NewEntry = Omit<FloatEntry, 'float' | 'at'>;

interface Decided<T> {
  readonly answer: T;
  /** Absent: the float stays as it is. */
  readonly next?: CommitteeFloat;
}

/** An entry that is to be there once. */
interface Adding<Refusal extends string> {
  readonly _id: string;
  /** The entry as the float of now makes it, or why there is none. */
  readonly make: (float: CommitteeFloat, at: Date) => NewEntry | Refusal | Promise<NewEntry | Refusal>;
  /** What is given back. */
  readonly taken?: FloatEntry | undefined;
}

/**
 * What a float says of an order's cash: the evidence that any other payment has from its channel. Every step is one
 * compare-and-set on the float and is done once for each entry's id, so that it can be asked for again after a crash.
 */
export class FloatDesk {
  readonly #store: FloatBook;
  readonly #orders: Pick<OrderStore, 'get'>;
  readonly #clock: Clock;
  /** By float: what this process asks of one waits for its turn, so that it races with other processes alone. */
  readonly #turns = new Map<string, Mutex>();

  constructor(init: { store: FloatBook; orders: Pick<OrderStore, 'get'>; clock: Clock }) {
    this.#store = init.store;
    this.#orders = init.orders;
    this.#clock = init.clock;
  }

  /**
   * Takes a purchase's money from the float. The entry, or why the float cannot pay; `closed` once it was given up. `shift`: in
   * whose the cash comes.
   */
  async take(
    floatId: string,
    taken: { paymentNo: string; orderNo: string; fen: number; by: string; shift?: string },
  ): Promise<FloatEntry | FloatRefusal> {
    const { paymentNo, ...rest } = taken;
    return this.add(floatId, {
      ...{ _id: paymentNo, kind: 'taken', ...rest },
      ...{ debit: `float:${floatId}`, credit: 'payer:held' },
    });
  }

  async query(paymentNo: string): Promise<PaymentEvidence> {
    const entry = await this.find(await this.#floatOf(paymentNo), paymentNo);
    return entry === null ? { status: 'pending' } : evidenceOf(entry);
  }

  /** Under this number no cash is taken any more; `paid` where it was. */
  async close(paymentNo: string): Promise<'closed' | 'paid'> {
    const floatId = await this.#floatOf(paymentNo);
    const entry = await this.add(floatId, {
      ...{ _id: paymentNo, kind: 'closed', fen: 0, by: 'system' },
      ...{ debit: `float:${floatId}`, credit: `float:${floatId}` },
    });
    return typeof entry !== 'string' && entry.kind === 'taken' ? 'paid' : 'closed';
  }

  /** The float has it back: the cash itself is handed back at the counter. */
  async refund(request: RefundRequest): Promise<RefundEvidence> {
    const { paymentNo, refundNo, refundFen } = request;
    const floatId = await this.#floatOf(paymentNo);
    const taken = await this.find(floatId, paymentNo);
    if (taken?.kind !== 'taken') {
      throw new PaymentError({ code: 'payment.refused', message: 'No cash was taken under this number.' });
    }
    const orderNo = orderNoOf(paymentNo);
    const back: NewEntry = {
      ...{ _id: refundNo, kind: 'given-back', fen: refundFen, by: 'system' },
      ...(orderNo === undefined ? {} : { orderNo }),
      ...{ debit: 'payer:refundable', credit: `float:${floatId}` },
    };
    const entry = await this.add(floatId, back, taken);
    if (typeof entry === 'string') throw new Error(`A float refused to be given back: ${entry}.`);
    return { status: 'done', refundFen: entry.fen };
  }

  async queryRefund(refundNo: string, paymentNo: string): Promise<RefundEvidence | { status: 'not-found' }> {
    const entry = await this.find(await this.#floatOf(paymentNo), refundNo);
    return entry === null ? { status: 'not-found' } : { status: 'done', refundFen: entry.fen };
  }

  /**
   * Cash over the counter, written down before it is given. What is written of it now, which may be what another
   * member of staff did; `slip-used` where another refund of this float has this slip, `shift.none` where it is of a shift that is
   * not open.
   */
  async handOut(
    floatId: string,
    given: { refundNo: string; orderNo: string; fen: number; shift?: string } & Omit<HandedOut, 'at'>,
  ): Promise<HandedOut | 'slip-used' | 'shift.none'> {
    const { refundNo, ...rest } = given;
    const init: NewEntry = {
      ...{ _id: handOutId(refundNo), kind: 'handed-out', ...rest },
      // Neither is the float's: what lies in a drawer is the committee's own.
      ...{ debit: 'household', credit: `counter:${given.terminalId}` },
    };
    const entry = await this.#once(floatId, {
      _id: init._id,
      make: async (float) => ((await this.#hasSlip(float, given.slip)) ? 'slip-used' : init),
    });
    if (entry === 'slip-used' || entry === 'shift.none') return entry;
    if (typeof entry !== 'string') return handedOutOf(entry);
    throw new Error(`A float refused to hand out what it has back: ${entry}.`);
  }

  /** Goes on with the shift that this person has open at this terminal, or opens this one. */
  openShift(floatId: string, fresh: NewShift): Promise<Shift> {
    return this.#inTurn(floatId, () =>
      this.#change(floatId, (float, at) => {
        const open = openShiftOf(float, fresh);
        if (open !== undefined) return { answer: open };
        const shift = begun(float, fresh, at);
        return { answer: shift, next: { ...float, ...withShift(float, shift), version: float.version + 1 } };
      }),
    );
  }

  /** Ends a shift as it was counted; what is there of it already stays as it is. `shift.none`: it was never open here. */
  async closeShift(
    floatId: string,
    { shift: id, by, count }: { readonly shift: string; readonly by: string; readonly count: Count },
  ): Promise<CountedShift | 'shift.none'> {
    const entry = await this.#once(floatId, {
      _id: closedShiftId(id),
      make: (float, at) => {
        const shift = shiftOf(float, id);
        if (shift === undefined) return 'shift.none';
        const { terminalId, number } = shift;
        return {
          ...{ _id: closedShiftId(id), kind: 'shift-closed', fen: 0, by, shift: id },
          ...{
            terminalId,
            staff: number,
            counted: countedShift(shift, count, { committee: float.name, at }),
          },
          ...{ debit: `float:${floatId}`, credit: `float:${floatId}` },
        };
      },
    });
    return typeof entry === 'string' ? 'shift.none' : (entry.counted ?? 'shift.none');
  }

  /** A shift that was counted; null: none of this id was. */
  async findClosed(floatId: string, shiftId: string): Promise<CountedShift | null> {
    return (await this.find(floatId, closedShiftId(shiftId)))?.counted ?? null;
  }

  /** By whom, where and when a refund's cash was handed out; null: it was not. */
  async findHandOut(floatId: string, refundNo: string): Promise<HandedOut | null> {
    const entry = await this.find(floatId, handOutId(refundNo));
    return entry === null ? null : handedOutOf(entry);
  }

  /** The entry of this id, wherever it is by now. */
  async find(floatId: string, id: string): Promise<FloatEntry | null> {
    const float = await this.#float(floatId);
    return float.recent.find((entry) => entry._id === id) ?? this.#store.booked(id);
  }

  /** Once for each id: what is there already is given back as it is. */
  add(floatId: string, init: NewEntry, taken?: FloatEntry): Promise<FloatEntry | FloatRefusal> {
    return this.#once<never>(floatId, { _id: init._id, make: () => init, taken });
  }

  #once<Refusal extends string>(
    floatId: string,
    { _id, make, taken }: Adding<Refusal>,
  ): Promise<FloatEntry | FloatRefusal | Refusal> {
    return this.#inTurn(floatId, () =>
      this.#change<FloatEntry | FloatRefusal | Refusal>(floatId, async (float, at) => {
        // The book is looked at after the float was read: what left the float since then shows as another version.
        const known = float.recent.find((entry) => entry._id === _id) ?? (await this.#store.booked(_id));
        if (known !== null) return { answer: known };
        const made = await make(float, at);
        if (typeof made === 'string') return { answer: made };
        const entry: FloatEntry = { ...made, float: floatId, at };
        const next = withEntry(float, entry, taken);
        return typeof next === 'string' ? { answer: next } : { answer: entry, next };
      }),
    );
  }

  #inTurn<T>(floatId: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#turns.get(floatId) ?? new Mutex();
    this.#turns.set(floatId, turn);
    return turn.run(work);
  }

  /** `decide`: the answer, and what the float is to become for it; asked again where others changed it meanwhile. */
  async #change<T>(
    floatId: string,
    decide: (float: CommitteeFloat, at: Date) => Promise<Decided<T>> | Decided<T>,
  ): Promise<T> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const float = await this.#float(floatId);
      const { answer, next } = await decide(float, new Date(this.#clock.now()));
      if (next === undefined) return answer;
      if ((await this.#store.replace(float, next)) === 'replaced') {
        if (next.recent.length > MAX_RECENT) await this.book(floatId);
        return answer;
      }
    }
    throw new Error(`Float ${floatId} was changed by others ${MAX_RACES} times in a row.`);
  }

  /** Moves a float's entries into the book: copied first, then taken out. */
  async book(floatId: string): Promise<void> {
    const float = await this.#float(floatId);
    if (float.recent.length === 0) return;
    await this.#store.book(float.recent);
    // An entry added meanwhile leaves all of them for the next time.
    await this.#store.replace(float, { ...float, recent: [], version: float.version + 1 });
  }

  /** The slip is looked for in the book after the float was read, like an entry. */
  async #hasSlip(float: CommitteeFloat, slip: string): Promise<boolean> {
    return float.recent.some((each) => each.slip === slip) || this.#store.hasSlip(float._id, slip);
  }

  async #float(id: string): Promise<CommitteeFloat> {
    const float = await this.#store.get(id);
    if (float === null) throw new Error(`There is no float ${id}. Floats are never deleted.`);
    return float;
  }

  async #floatOf(paymentNo: string): Promise<string> {
    const orderNo = orderNoOf(paymentNo);
    const order: Order | null = orderNo === undefined ? null : await this.#orders.get(orderNo);
    const float = order?.payments.find(({ no }) => no === paymentNo)?.float;
    if (float !== undefined) return float;
    throw new PaymentError({ code: 'payment.refused', message: 'There is no cash payment of this number.' });
  }
}

function evidenceOf(entry: FloatEntry): PaymentEvidence {
  if (entry.kind !== 'taken') return { status: 'closed' };
  return { status: 'succeeded', transactionId: entry._id, amountFen: entry.fen, paidAt: entry.at };
}

function handedOutOf({ at, by, staff = '', terminalId = '', slip = '' }: FloatEntry): HandedOut {
  return { at, by, staff, terminalId, slip };
}
