import type { Clock } from '@bianmin/card/clock';
import type { CounterSession, CounterSessionRequest } from '@bianmin/purchase/api/counter';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { covers, scopeOf } from '../../kernel/scope.ts';
import { Tickets } from '../../access/tickets.ts';
import type { StaffPins } from '../../money/float/pins.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import { placeOf, type CounterTerminal } from './place.ts';

/** Staff who walk away are asked for their PIN again after this. */
const IDLE_S = 10 * 60;
/** However busy: one shift. */
const SHIFT_MS = 8 * 3_600_000;

const stored = z.strictObject({ staff: z.string(), terminalId: z.string(), until: z.int() });

/**
 * Staff at a terminal (工作人员模式): staff number and PIN once, a ticket afterwards, which the terminal's host holds. It is
 * good at this terminal alone, and each use looks again at whether the person may still be here.
 */
export class CounterSessions {
  readonly #tickets: Tickets<z.infer<typeof stored>>;
  readonly #pins: StaffPins;
  readonly #users: UserStore;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(init: { redis: Redis; pins: StaffPins; users: UserStore; audit: AuditTrail; clock: Clock }) {
    const { redis, pins, users, audit, clock } = init;
    this.#tickets = new Tickets(redis, { prefix: 'counter', schema: stored, ttlS: IDLE_S });
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
    { staff, pin }: CounterSessionRequest,
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
    const entry = { action: 'terminal.staff-mode', target: terminal.terminalId, where, data: {} };
    await this.#audit.record(byAdmin({ userId: user._id }, entry));
    const until = this.#clock.now() + SHIFT_MS;
    const ticket = await this.#tickets.issue({ staff: user._id, terminalId: terminal.terminalId, until });
    return { ticket, staff: user.name, may, orders: placeOf(terminal).kind };
  }

  /** Who has this ticket. Throws `staff.session-over`, and `auth.forbidden` where they may not see this. */
  async staffOf(terminal: CounterTerminal, ticket: string, needs: 'orders' | 'cash'): Promise<User> {
    const found = await this.#tickets.renew(ticket);
    const isForThis = found?.terminalId === terminal.terminalId && found.until > this.#clock.now();
    const user = isForThis ? await this.#users.get(found.staff) : null;
    if (user?.status !== 'active') {
      throw new ProblemError({
        code: 'staff.session-over',
        message: 'The staff session at this terminal has ended. Enter staff number and PIN again.',
      });
    }
    if ((await this.#may(user, terminal))[needs]) return user;
    throw new ProblemError({
      code: 'auth.forbidden',
      message: `This needs the permission ${NEEDED[needs]}, and an organisation that has this terminal.`,
    });
  }

  /** Leaves; a ticket that is over already stays so. */
  async leave(terminal: CounterTerminal, ticket: string): Promise<void> {
    const found = await this.#tickets.find(ticket);
    if (found?.terminalId === terminal.terminalId) await this.#tickets.end(ticket);
  }

  async #may(user: User, terminal: CounterTerminal): Promise<CounterSession['may']> {
    if (!covers(scopeOf(user.scope), terminal.orgPath)) return { orders: false, cash: false };
    const permissions = await this.#users.permissionsOf(user.roles);
    return { orders: permissions.has(NEEDED.orders), cash: permissions.has(NEEDED.cash) };
  }
}

const NEEDED = { orders: 'order:read', cash: 'float:use' } as const satisfies Record<string, Permission>;
