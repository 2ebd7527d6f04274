import { randomUUID } from 'node:crypto';
import type { CloseShiftRequest } from '@bianmin/purchase/api/shift';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { User } from '../../access/store/users.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { FloatDesk } from './desk.ts';
import type { CommitteeFloat } from './float.ts';
import type { FloatStore } from './float-store.ts';
import type { StaffPins } from './pins.ts';
import { drawerFen, shiftOf, sumOfCount, type Count, type CountedShift, type Shift } from './shift.ts';
import type { ShiftFollower } from './shift-follower.ts';
import type { ShiftRef, ShiftTickets, TicketHolder } from './shift-tickets.ts';

/** The most that a sum may be, fen. */
const MOST_FEN = 99_999_999;

export interface ShiftsInit {
  readonly store: Pick<FloatStore, 'get' | 'byTerminal' | 'withShift'>;
  readonly desk: Pick<FloatDesk, 'openShift' | 'closeShift' | 'findClosed'>;
  readonly tickets: Pick<ShiftTickets, 'spend'>;
  readonly pins: Pick<StaffPins, 'numberOf'>;
  readonly follower: Pick<ShiftFollower, 'follow'>;
  readonly audit: Pick<AuditTrail, 'record'>;
}

/** Whose shift it is, and where. */
interface At {
  readonly staff: User;
  readonly terminalId: string;
}

/**
 * Clerks' turns at their drawers. What a shift took and handed out changes with the float's entries, in the same write; nothing is
 * added up later. It ends when its drawer is counted, and what was counted is an entry, too.
 */
export class Shifts {
  readonly #init: ShiftsInit;

  constructor(init: ShiftsInit) {
    this.#init = init;
  }

  /** The shift that they have open here, or one that begins; null where no committee takes cash at this terminal. */
  async enter(
    { staff, terminalId }: At,
    orgPath: readonly string[],
    where: Where,
  ): Promise<{ readonly ref: ShiftRef; readonly shift: Shift } | null> {
    const { store, desk, pins, audit } = this.#init;
    // Also where the terminal is at another float by now: that drawer is counted first.
    const known = await store.withShift({ staff: staff._id, terminalId });
    const float = known ?? (await store.byTerminal(terminalId));
    if (float === null) return null;
    const id = randomUUID();
    if (known === null) {
      const data = { float: float._id, terminalId };
      await audit.record(byAdmin({ userId: staff._id }, { action: 'shift.opened', target: id, where, data }));
    }
    const number = (await pins.numberOf(staff._id)) ?? staff.name;
    const fresh = { id, staff: staff._id, number, terminalId, orgPath };
    const shift = await desk.openShift(float._id, fresh);
    return { ref: { id: shift.id, float: float._id }, shift };
  }

  /** As it is now; null once it is closed, or where there never was one. */
  async read(ref: ShiftRef | null): Promise<Shift | null> {
    const float = ref === null ? null : await this.#init.store.get(ref.float);
    return ref === null || float === null ? null : (shiftOf(float, ref.id) ?? null);
  }

  /**
   * The drawer is counted and the shift over; asked again, it is what it was. Throws `request.malformed` for a count that is none, and
   * `shift.none` for a shift that is not this person's at this terminal.
   */
  async close(
    { terminalId, holder }: { readonly terminalId: string; readonly holder: TicketHolder },
    { shift: id, ticket, ...said }: CloseShiftRequest,
    where: Where,
  ): Promise<CountedShift> {
    const count = soundCount(said);
    const { desk, tickets, follower } = this.#init;
    const { staff } = holder;
    const float = await this.#floatOf(holder.shift, terminalId);
    const known = shiftOf(float, id) ?? (await desk.findClosed(float._id, id));
    if (known?.staff !== staff._id || known.terminalId !== terminalId) throw noShift();
    if (!('closedAt' in known)) await this.#record(known, { float: float._id, count, where });
    const counted = await desk.closeShift(float._id, { shift: id, by: staff._id, count });
    if (counted === 'shift.none') throw noShift();
    await follower.follow(counted, float._id);
    if (holder.shift?.id === id) await tickets.spend(ticket);
    return counted;
  }

  async #floatOf(ref: ShiftRef | null, terminalId: string): Promise<CommitteeFloat> {
    const { store } = this.#init;
    const float = ref === null ? await store.byTerminal(terminalId) : await store.get(ref.float);
    if (float === null) throw noShift();
    return float;
  }

  /** What the clerk saw and counted; the entry has what it was. */
  #record(
    shift: Shift,
    { float, count, where }: { readonly float: string; readonly count: Count; readonly where: Where },
  ): Promise<void> {
    const { id, staff, terminalId, openingFen, takenFen, backFen } = shift;
    const data = {
      ...{ float, terminalId, openingFen, takenFen, backFen, drawerFen: drawerFen(shift) },
      ...{ countedFen: sumOfCount(count.counted), leftFen: count.leftFen },
    };
    return this.#init.audit.record(
      byAdmin({ userId: staff }, { action: 'shift.closed', target: id, where, data }),
    );
  }
}

/** Each kind of note once, and no more left than there was. */
function soundCount({ counted, leftFen }: Count): Count {
  const kinds = new Set(counted.map(({ fen }) => fen));
  const sum = sumOfCount(counted);
  if (kinds.size === counted.length && leftFen <= sum && sum <= MOST_FEN) return { counted, leftFen };
  throw new ProblemError({
    code: 'request.malformed',
    message: 'Each note is counted once, and no more stays in the drawer than was counted.',
  });
}

export function noShift(): ProblemError {
  return new ProblemError({
    code: 'shift.none',
    message: 'This shift is closed, or none of this terminal and person. Nothing was taken. Sign in again.',
  });
}
