import { DENOMINATIONS, type Counted } from '@bianmin/purchase/api/shift';
import type { Order } from '../../orders/model/order.ts';
import type { FakeTerminal } from '../order-world.ts';
import { HERE } from '../staff-members.ts';
import { PIN, type MonthWorld } from './month-world.ts';

/** One household's notes as they went over the counter, fen; below zero: to the household. */
export interface Handed {
  readonly orderNo: string;
  readonly fen: number;
}

/** What a clerk wrote into a notebook of their own about one shift; sums in fen, of notes that were there to be counted. */
export interface NotedShift {
  readonly day: string;
  readonly terminalId: string;
  readonly clerk: string;
  readonly openingFen: number;
  readonly handed: readonly Handed[];
  readonly countedFen: number;
  readonly leftFen: number;
}

/** A counter's drawer with notes in it, the clerk before it, and the notebook. It asks the server's desks, and believes the notes. */
export class Drawer {
  /** Shifts that were counted, the oldest first. */
  readonly noted: NotedShift[] = [];
  readonly #w: MonthWorld;
  readonly #kiosk: FakeTerminal;
  #notesFen = 0;
  #shift:
    | { clerk: string; day: string; id: string; ticket: string; openingFen: number; handed: Handed[] }
    | undefined;

  constructor(w: MonthWorld, kiosk: FakeTerminal) {
    this.#w = w;
    this.#kiosk = kiosk;
  }

  async begin(clerk: string, day: string): Promise<void> {
    const { counter } = this.#w.of;
    const session = await counter.sessions.enter(this.#kiosk, { staff: clerk, pin: PIN, shift: true }, HERE);
    if (session.shift === null) throw new Error('No committee takes cash here.');
    const { ticket, shift } = session;
    this.#shift = { clerk, day, id: shift.id, ticket, openingFen: this.#notesFen, handed: [] };
  }

  /** A household puts down what the order costs. */
  async take(order: Order): Promise<Order> {
    const { cash } = this.#w.of.floats;
    const { ticket, handed } = this.#now();
    const { terminalId, orgPath } = this.#kiosk;
    const offer = await cash.offer(order, { terminalId, orgPath, shift: ticket, pin: PIN }, HERE);
    this.#notesFen += offer.takeFen;
    handed.push({ orderNo: order._id, fen: offer.takeFen });
    return cash.take(order, { terminalId, by: { ticket: offer.ticket } }, HERE);
  }

  /** What waits for this household is handed out against a signed slip. */
  async handOut(order: Order, slip: string): Promise<void> {
    const { cash } = this.#w.of.counter;
    const { handed } = this.#now();
    const { terminalId } = this.#kiosk;
    const { refunds } = await cash.waiting(terminalId);
    const row = refunds.find(({ orderNo }) => orderNo === order._id);
    if (row === undefined) throw new Error('Nothing waits for this household.');
    const holder = await this.#holder();
    await cash.handOut(
      { refundNo: row.refundNo, slip },
      { terminalId, staff: holder.staff, ...(holder.shift === null ? {} : { shift: holder.shift.id }) },
      HERE,
    );
    this.#notesFen -= row.fen;
    handed.push({ orderNo: order._id, fen: 0 - row.fen });
  }

  /** Counts what is there and takes along what does not stay; `lostFen`: of notes that somebody was given too much. */
  async close({ leaves, lostFen = 0 }: { leaves: number; lostFen?: number }): Promise<void> {
    const { clerk, day, id, ticket, openingFen, handed } = this.#now();
    const countedFen = this.#notesFen - lostFen;
    const leftFen = Math.min(leaves, countedFen);
    const { shifts } = this.#w.of.counter;
    await shifts.close(
      { terminalId: this.#kiosk.terminalId, holder: await this.#holder() },
      { shift: id, ticket, counted: pieces(countedFen), leftFen },
      HERE,
    );
    const { terminalId } = this.#kiosk;
    this.noted.push({ day, terminalId, clerk, openingFen, handed, countedFen, leftFen });
    this.#notesFen = leftFen;
    this.#shift = undefined;
  }

  async #holder() {
    const { sessions } = this.#w.of.counter;
    const { ticket } = this.#now();
    await sessions.renew(this.#kiosk, { ticket, pin: PIN }, HERE);
    return sessions.closerOf(this.#kiosk, ticket);
  }

  #now() {
    if (this.#shift === undefined) throw new Error('Nobody is at this drawer.');
    return this.#shift;
  }
}

/** The sum in as few notes and coins as it takes. */
function pieces(fen: number): Counted[] {
  let left = fen;
  const found = DENOMINATIONS.map((each): Counted => {
    const count = Math.floor(left / each);
    left -= count * each;
    return { fen: each, pieces: count };
  });
  if (left !== 0) throw new Error(`${fen} fen cannot be laid down in notes and coins.`);
  return found;
}
