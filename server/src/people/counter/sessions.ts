import type { Clock } from '@bianmin/card/clock';
import type { CounterPinRequest, CounterSession, CounterSessionRequest } from '@bianmin/purchase/api/counter';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { covers, scopeOf } from '../../kernel/scope.ts';
import { Tickets } from '../../access/tickets.ts';
import type { StaffPins } from '../../money/float/pins.ts';
import { sessionOver, type ShiftTickets, type TicketHolder } from '../../money/float/shift-tickets.ts';
import { openShiftView } from '../../money/float/shift-view.ts';
import type { Shifts } from '../../money/float/shifts.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import { placeOf, type CounterTerminal } from './place.ts';

/** What a ticket, or what its holder wants, is refused with. */
export const TICKET_REFUSALS = ['staff.session-over', 'staff.pin-needed', 'auth.forbidden'] as const;

/** At a terminal of the version before shifts: staff who walk away sign in again after this. */
const IDLE_S = 10 * 60;
/** However busy: one day's work. */
const LONGEST_MS = 8 * 3_600_000;

const stored = z.strictObject({ staff: z.string(), terminalId: z.string(), until: z.int() });

/** What somebody may see at a terminal. */
type Right = keyof CounterSession['may'];

export interface CounterSessionsInit {
  readonly redis: Redis;
  readonly pins: StaffPins;
  readonly users: UserStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly tickets: ShiftTickets;
  readonly shifts: Shifts;
}

/**
 * Staff at a terminal (工作人员模式): staff number and PIN once, a ticket afterwards, which the terminal's host holds. It is
 * good at this terminal alone, and each use looks again at whether the person may still be here. A shift's ticket is
 * `ShiftTickets`'; the others are those of terminals of the version before.
 */
export class CounterSessions {
  readonly #tickets: Tickets<z.infer<typeof stored>>;
  readonly #pins: StaffPins;
  readonly #users: UserStore;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;
  readonly #shiftTickets: ShiftTickets;
  readonly #shifts: Shifts;

  constructor(init: CounterSessionsInit) {
    const { redis, pins, users, audit, clock } = init;
    this.#tickets = new Tickets(redis, { prefix: 'counter', schema: stored, ttlS: IDLE_S });
    this.#shiftTickets = init.tickets;
    this.#shifts = init.shifts;
    this.#pins = pins;
    this.#users = users;
    this.#audit = audit;
    this.#clock = clock;
  }

  /**
   * Throws `float.bad-pin`, `request.rate-limited` once the PIN is locked, and `auth.forbidden` for a user of another
   * organisation than the terminal, or who may see nothing here.
   */
  async enter(
    terminal: CounterTerminal,
    { staff, pin, shift }: CounterSessionRequest,
    where: Where,
  ): Promise<CounterSession> {
    const { terminalId } = terminal;
    const user = await this.#pins.check(staff, pin, { terminalId, where });
    const may = await this.#may(user, terminal);
    if (!may.orders && !may.cash) {
      throw new ProblemError({
        code: 'auth.forbidden',
        message:
          'Staff mode needs the permission order:read or float:use, and an organisation that has this terminal.',
      });
    }
    const entry = { action: 'terminal.staff-mode', target: terminalId, where, data: {} };
    await this.#audit.record(byAdmin({ userId: user._id }, entry));
    const shown = { staff: user.name, may, orders: placeOf(terminal).kind };
    if (shift === true) return { ...shown, ...(await this.#begun(user, { terminal, may, where })) };
    const until = this.#clock.now() + LONGEST_MS;
    const ticket = await this.#tickets.issue({ staff: user._id, terminalId, until });
    return { ...shown, ticket, shift: null, pinAfterMs: IDLE_S * 1_000, pinAboveFen: 0 };
  }

  /**
   * Who has this ticket. Throws `staff.session-over`, `staff.pin-needed` where a shift's lay unused, and `auth.forbidden` where they
   * may not see this.
   */
  async staffOf(terminal: CounterTerminal, ticket: string, needs: Right): Promise<TicketHolder> {
    const shown = { terminalId: terminal.terminalId, ticket };
    const holder = (await this.#shiftTickets.use(shown)) ?? (await this.#holderOf(shown));
    return this.#allowed(holder, terminal, needs);
  }

  /** As `staffOf` for cash, also with a shift's ticket that was good until the shift was closed. */
  async closerOf(terminal: CounterTerminal, ticket: string): Promise<TicketHolder> {
    const { terminalId } = terminal;
    return this.#allowed(await this.#shiftTickets.useAtEnd({ terminalId, ticket }), terminal, 'cash');
  }

  /**
   * The same person types their PIN: a shift's ticket that lay unused is good again. Throws `staff.session-over`, `float.bad-pin`,
   * `request.rate-limited`.
   */
  async renew(
    { terminalId }: CounterTerminal,
    { ticket, pin }: CounterPinRequest,
    where: Where,
  ): Promise<void> {
    await this.#shiftTickets.renew({ terminalId, ticket }, pin, where);
  }

  /** Leaves; a ticket that is over already stays so. A shift stays open. */
  async leave({ terminalId }: CounterTerminal, ticket: string): Promise<void> {
    await this.#shiftTickets.end({ terminalId, ticket });
    const found = await this.#tickets.find(ticket);
    if (found?.terminalId === terminalId) await this.#tickets.end(ticket);
  }

  async #begun(
    user: User,
    of: { readonly terminal: CounterTerminal; readonly may: CounterSession['may']; readonly where: Where },
  ): Promise<Pick<CounterSession, 'ticket' | 'shift' | 'pinAfterMs' | 'pinAboveFen'>> {
    const { terminalId, orgPath } = of.terminal;
    const entered = of.may.cash
      ? await this.#shifts.enter({ staff: user, terminalId }, orgPath, of.where)
      : null;
    const { afterMs, aboveFen } = this.#shiftTickets.pin;
    return {
      ticket: await this.#shiftTickets.issue({ staff: user._id, terminalId, shift: entered?.ref ?? null }),
      shift: entered === null ? null : openShiftView(entered.shift),
      ...{ pinAfterMs: afterMs, pinAboveFen: aboveFen },
    };
  }

  async #holderOf(shown: { readonly terminalId: string; readonly ticket: string }): Promise<TicketHolder> {
    const found = await this.#tickets.renew(shown.ticket);
    const isForThis = found?.terminalId === shown.terminalId && found.until > this.#clock.now();
    const staff = isForThis ? await this.#users.get(found.staff) : null;
    if (staff?.status !== 'active') throw sessionOver();
    return { staff, shift: null };
  }

  async #allowed(holder: TicketHolder, terminal: CounterTerminal, needs: Right): Promise<TicketHolder> {
    if ((await this.#may(holder.staff, terminal))[needs]) return holder;
    throw new ProblemError({
      code: 'auth.forbidden',
      message: `This needs the permission ${NEEDED[needs]}, and an organisation that has this terminal.`,
    });
  }

  async #may(user: User, terminal: CounterTerminal): Promise<CounterSession['may']> {
    if (!covers(scopeOf(user.scope), terminal.orgPath)) return { orders: false, cash: false };
    const permissions = await this.#users.permissionsOf(user.roles);
    return { orders: permissions.has(NEEDED.orders), cash: permissions.has(NEEDED.cash) };
  }
}

const NEEDED = { orders: 'order:read', cash: 'float:use' } as const satisfies Record<string, Permission>;
