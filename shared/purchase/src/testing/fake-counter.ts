import type { Clock } from '@bianmin/card/clock';
import type { CashOfferRequest } from '../api/float.ts';
import { fault } from './fake-order-book.ts';

/** The one person who takes cash here. */
export const FAKE_STAFF = { staff: '104817', pin: '274913' } as const;
/** Another one, who takes none. */
export const FAKE_OTHER = { staff: '200318', pin: '381947' } as const;
/** When the PIN is asked for again: without use for so long, ms; and for a household's cash above so much, fen. */
export const FAKE_PIN_AFTER_MS = 300_000;
export const FAKE_PIN_ABOVE_FEN = 20_000;
const SESSION_MS = 12 * 3_600_000;

interface Session {
  readonly staff: string;
  readonly until: number;
  used: number;
}

/** Who is at a fake server's counter: tickets as strict as the contract says of them. */
export class FakeCounter {
  /** Whether the one clerk's shift is open; it begins with a sign-in. */
  isOpen = false;
  /** How often a PIN was looked at. */
  pins = 0;
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();
  /** Orders whose cash was offered in the shift. */
  readonly #inShift = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Signs in for a shift; gives the ticket. */
  enter({ staff, pin }: { readonly staff: string; readonly pin: string }): string {
    this.#check(staff, pin);
    this.isOpen ||= staff === FAKE_STAFF.staff;
    const ticket = `session-${this.#sessions.size + 1}`;
    const now = this.#clock.now();
    this.#sessions.set(ticket, { staff, used: now, until: now + SESSION_MS });
    return ticket;
  }

  /** Throws as the server does where this person may not take so much cash now. */
  allow(orderNo: string, fen: number, request: CashOfferRequest): void {
    if ('staff' in request) {
      this.#check(request.staff, request.pin);
      this.#inShift.delete(orderNo);
      return;
    }
    const session = this.#sessions.get(request.shift);
    const now = this.#clock.now();
    if (session === undefined || session.until <= now) throw fault('staff.session-over');
    if (request.pin !== undefined) this.#check(session.staff, request.pin);
    else if (now - session.used >= FAKE_PIN_AFTER_MS || fen > FAKE_PIN_ABOVE_FEN)
      throw fault('staff.pin-needed');
    session.used = now;
    if (session.staff !== FAKE_STAFF.staff) throw fault('auth.forbidden');
    if (!this.isOpen) throw fault('shift.none');
    this.#inShift.add(orderNo);
  }

  /** They have taken it: nothing is taken in a shift that is closed. */
  take(orderNo: string): void {
    if (this.#inShift.has(orderNo) && !this.isOpen) throw fault('shift.none');
  }

  #check(staff: string, pin: string): void {
    this.pins += 1;
    const known = [FAKE_STAFF, FAKE_OTHER].some((each) => each.staff === staff && each.pin === pin);
    if (!known) throw fault('float.bad-pin');
  }
}
