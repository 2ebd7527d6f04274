import type { Clock } from '@bianmin/card/clock';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Where } from '../../access/approvals.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import { Tickets } from '../../access/tickets.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { StaffPins } from './pins.ts';

/** However busy: one day at the counter. */
const LASTS_S = 12 * 3_600;

const held = z.strictObject({
  /** A user's id. */
  staff: z.string(),
  terminalId: z.string(),
  /** Its end, ms. */
  until: z.int(),
  /** Whose drawer; null where no committee takes cash, or they take none. */
  shift: z.strictObject({ id: z.string(), float: z.string() }).nullable(),
});
type Held = z.infer<typeof held>;
/** Which shift, and in which committee's float it is. */
export type ShiftRef = NonNullable<Held['shift']>;

/** Who came with a ticket. */
export interface TicketHolder {
  readonly staff: User;
  readonly shift: ShiftRef | null;
}

/** When the PIN is asked for again. */
export interface PinRule {
  /** Without use for so long, ms. */
  readonly afterMs: number;
  /** For a household's cash above so much, fen. */
  readonly aboveFen: number;
}

export interface ShiftTicketsInit {
  readonly redis: Redis;
  readonly pins: Pick<StaffPins, 'check'>;
  readonly users: Pick<UserStore, 'get'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly pin: PinRule;
}

/** At which terminal a ticket is shown. */
interface Shown {
  readonly terminalId: string;
  readonly ticket: string;
}

/**
 * One sign-in for a whole shift. A ticket is good at its terminal alone and for twelve hours; unused for five minutes it wants the
 * PIN again, and loses nothing by it. The account is looked at with each use; what it may do is its callers' question.
 */
export class ShiftTickets {
  readonly #init: ShiftTicketsInit;
  readonly #held: Tickets<Held>;
  /** When each was last used, ms. Apart: of two uses at once neither brings back what the other ended. */
  readonly #used: Tickets<number>;
  /** Those whose shift was counted: they only ask what came of it. */
  readonly #spent: Tickets<Held>;

  constructor(init: ShiftTicketsInit) {
    this.#init = init;
    const ttlS = LASTS_S;
    this.#held = new Tickets(init.redis, { prefix: 'shift', schema: held, ttlS });
    this.#used = new Tickets(init.redis, { prefix: 'shift-used', schema: z.int(), ttlS });
    this.#spent = new Tickets(init.redis, { prefix: 'shift-spent', schema: held, ttlS });
  }

  get pin(): PinRule {
    return this.#init.pin;
  }

  async issue(of: Omit<Held, 'until'>): Promise<string> {
    const now = this.#init.clock.now();
    const ticket = await this.#held.issue({ ...of, until: now + LASTS_S * 1_000 });
    await this.#used.keep(ticket, now);
    return ticket;
  }

  /** Null: it is none of a shift. Throws `staff.session-over`, and `staff.pin-needed` where it lay unused. */
  async use(shown: Shown): Promise<TicketHolder | null> {
    return this.#stamped(shown, await this.#held.find(shown.ticket));
  }

  /** As `use`, also with a ticket that the end of its shift has ended; throws where it is none of a shift. */
  async useAtEnd(shown: Shown): Promise<TicketHolder> {
    const { ticket } = shown;
    const found = (await this.#held.find(ticket)) ?? (await this.#spent.find(ticket));
    const holder = await this.#stamped(shown, found);
    if (holder === null) throw sessionOver();
    return holder;
  }

  /** The same person types their PIN. Throws `staff.session-over`, `float.bad-pin` and `request.rate-limited`. */
  async renew({ terminalId, ticket }: Shown, pin: string, where: Where): Promise<TicketHolder> {
    const { pins } = this.#init;
    const found = await this.#held.find(ticket);
    const { staff, shift } = await this.#holder(terminalId, found);
    const who = await pins.check(staff.name, pin, { terminalId, where });
    if (who._id !== staff._id) throw sessionOver();
    await this.#used.keep(ticket, this.#init.clock.now());
    return { staff, shift };
  }

  /** Leaves; the shift stays open. */
  async end({ terminalId, ticket }: Shown): Promise<void> {
    if ((await this.#held.find(ticket))?.terminalId === terminalId) await this.#held.end(ticket);
  }

  /** Its shift was counted. */
  async spend(ticket: string): Promise<void> {
    const found = await this.#held.find(ticket);
    if (found === null) return;
    await this.#spent.keep(ticket, found);
    await this.#held.end(ticket);
  }

  async #stamped({ terminalId, ticket }: Shown, found: Held | null): Promise<TicketHolder | null> {
    if (found === null) return null;
    const { clock, pin } = this.#init;
    const holder = await this.#holder(terminalId, found);
    const now = clock.now();
    const usedAt = (await this.#used.find(ticket)) ?? 0;
    if (now - usedAt >= pin.afterMs) throw pinNeeded();
    await this.#used.keep(ticket, now);
    return holder;
  }

  async #holder(terminalId: string, found: Held | null): Promise<TicketHolder> {
    const isForThis = found?.terminalId === terminalId && found.until > this.#init.clock.now();
    const staff = isForThis ? await this.#init.users.get(found.staff) : null;
    if (found === null || staff?.status !== 'active') throw sessionOver();
    return { staff, shift: found.shift };
  }
}

export function sessionOver(): ProblemError {
  return new ProblemError({
    code: 'staff.session-over',
    message: 'The staff session at this terminal has ended. Enter staff number and PIN again.',
  });
}

export function pinNeeded(): ProblemError {
  return new ProblemError({
    code: 'staff.pin-needed',
    message: 'Nobody was at this terminal for a while, or the sum is large. Enter the PIN again.',
  });
}
