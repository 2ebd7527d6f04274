import { z } from 'zod';
import type { FloatRequest, TopUpRequest, TopUpUndoRequest } from '@bianmin/purchase/api/float';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { dayPlus, startOfDay } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { FloatDesk } from './desk.ts';
import { BANK, undoneId, type CommitteeFloat, type FloatEntry } from './float.ts';
import type { FloatStore } from './float-store.ts';
import type { CountedShift, Shift } from './shift.ts';

const setContent = z.object({
  id: z.string(),
  name: z.string(),
  terminals: z.array(z.string()),
  dayLimitFen: z.int(),
  frozen: z.boolean().default(false),
});
const topUpContent = z.object({ id: z.string(), fen: z.int().min(1), reference: z.string() });
const undoContent = z.object({ id: z.string(), topUp: z.string() });

/** Floats as operations and finance see them: staff ask, finance allows (`float:approve`). */
export class Floats {
  readonly #store: FloatStore;
  readonly #desk: FloatDesk;
  readonly #approvals: Approvals;

  constructor(init: { store: FloatStore; desk: FloatDesk; approvals: Approvals }) {
    this.#store = init.store;
    this.#desk = init.desk;
    this.#approvals = init.approvals;
    const permission = 'float:approve';
    init.approvals.register('float.set', { permission, run: (approval) => this.#set(approval) });
    init.approvals.register('float.top-up', { permission, run: (approval) => this.#topUp(approval) });
    init.approvals.register('float.undo-top-up', { permission, run: (approval) => this.#undo(approval) });
  }

  list(): Promise<CommitteeFloat[]> {
    return this.#store.list();
  }

  /** Newest first. Throws `request.not-found`. */
  async entries(id: string): Promise<FloatEntry[]> {
    const float = await this.#known(id);
    const booked = await this.#store.entries(id, 200);
    const fresh = float.recent.filter(({ _id }) => booked.every((entry) => entry._id !== _id));
    return [...fresh.toReversed(), ...booked].slice(0, 200);
  }

  /**
   * Shifts that are open, and those that were closed on a day in Beijing; each the newest first. Throws `request.not-found`.
   */
  async shifts(
    id: string,
    day: string,
  ): Promise<{ readonly open: Shift[]; readonly closed: CountedShift[] }> {
    const float = await this.#known(id);
    const [from, to] = [startOfDay(day), startOfDay(dayPlus(day, 1))];
    // The book is read after the float: an entry goes from there to here, and may be met in both.
    const booked = await this.#store.entriesSince(id, from, to);
    const recent = float.recent.filter(({ at }) => at >= from && at < to);
    const all = new Map([...booked, ...recent].map((entry) => [entry._id, entry]));
    const closed = [...all.values()].flatMap(({ counted }) => counted ?? []);
    return {
      open: (float.shifts ?? []).toReversed(),
      closed: closed.sort((a, b) => b.closedAt.getTime() - a.closedAt.getTime()),
    };
  }

  async requestSet(request: FloatRequest, maker: AdminPrincipal, where: Where): Promise<Approval> {
    const float = await this.#store.get(request.id);
    const content = { ...request, ...(float === null ? {} : { before: settingsOf(float) }) };
    return this.#approvals.request({ kind: 'float.set', content, maker, where });
  }

  /** Throws `request.not-found`. */
  async requestTopUp(
    id: string,
    request: TopUpRequest,
    by: { maker: AdminPrincipal; where: Where },
  ): Promise<Approval> {
    await this.#known(id);
    return this.#approvals.request({ kind: 'float.top-up', content: { id, ...request }, ...by });
  }

  /** Throws `request.not-found` where there is no such top-up, or it was undone before. */
  async requestUndo(
    id: string,
    request: TopUpUndoRequest & { readonly topUp: string },
    by: { maker: AdminPrincipal; where: Where },
  ): Promise<Approval> {
    await this.#standing(id, request.topUp);
    if ((await this.#desk.find(id, undoneId(request.topUp))) !== null) {
      throw new ProblemError({ code: 'request.not-found', message: 'This top-up has already been undone.' });
    }
    return this.#approvals.request({ kind: 'float.undo-top-up', content: { id, ...request }, ...by });
  }

  async #set(approval: Approval): Promise<void> {
    const { id, ...rest } = setContent.parse(approval.content);
    for (;;) {
      const float = await this.#store.get(id);
      if (float === null) {
        const fresh = { _id: id, ...rest, balanceFen: 0, day: '', dayFen: 0, recent: [], version: 1 };
        if ((await this.#store.insert(fresh)) === 'inserted') return;
        continue;
      }
      const next = { ...float, ...rest, version: float.version + 1 };
      if ((await this.#store.replace(float, next)) === 'replaced') return;
    }
  }

  /** Under the approval's own id: carried out again, it is the same entry. */
  async #topUp(approval: Approval): Promise<void> {
    const { id, fen, reference } = topUpContent.parse(approval.content);
    await this.#desk.add(id, {
      ...{ _id: `topup-${approval._id}`, kind: 'top-up', fen, reference },
      ...{ by: approval.checker?.id ?? approval.maker.id, debit: BANK, credit: `float:${id}` },
    });
  }

  /** A top-up that was wrong goes back to the bank as a whole. */
  async #undo(approval: Approval): Promise<void> {
    const { id, topUp } = undoContent.parse(approval.content);
    const { fen } = await this.#standing(id, topUp);
    const undone = await this.#desk.add(id, {
      ...{ _id: undoneId(topUp), kind: 'top-up-undone', fen, undoes: topUp },
      ...{ by: approval.checker?.id ?? approval.maker.id, debit: `float:${id}`, credit: BANK },
    });
    if (typeof undone !== 'string') return;
    throw new ProblemError({
      code: 'float.empty',
      message: 'The float no longer holds this much: part of the top-up has been spent.',
    });
  }

  async #standing(id: string, topUp: string): Promise<FloatEntry> {
    await this.#known(id);
    const entry = await this.#desk.find(id, topUp);
    if (entry?.kind === 'top-up' && entry.float === id) return entry;
    throw new ProblemError({ code: 'request.not-found', message: 'This float has no such top-up.' });
  }

  async #known(id: string): Promise<CommitteeFloat> {
    const float = await this.#store.get(id);
    if (float !== null) return float;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such float.' });
  }
}

/** What a request may change, as it is now. */
function settingsOf({ name, terminals, dayLimitFen, frozen = false }: CommitteeFloat) {
  return { name, terminals: [...terminals], dayLimitFen, frozen };
}
