import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { month as monthText } from '@bianmin/purchase/api/books';
import type { MonthDetail, MonthObstacle, MonthView } from '@bianmin/purchase/api/months';
import { orderNo } from '@bianmin/purchase/api/scalars';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { Cases } from '../../cases/cases.ts';
import { canonicalJson, sha256Hex } from '../../kernel/canonical.ts';
import { chinaDay, dayPlus, daysOfMonth } from '../../kernel/china-time.ts';
import type { AdminPrincipal } from '../../kernel/principal.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { monthOf, type ClosedMonth, type ClosedMonths, type MonthSum } from '../ledger/closed-months.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Posting } from '../ledger/posting.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { inTheWay, sentenceOf } from './in-the-way.ts';

/** From the moment in which a month began to be closed, every process has finished what it was just posting, ms. */
const SETTLED_MS = 60_000;
/** How long, from its close, a month is held beside its postings, and how often, ms. */
const WATCHED_MS = 48 * 3_600_000;
const WATCH_EVERY_MS = 3_600_000;
/** Months that are looked at, the newest. */
const MONTHS = 36;
/** Open cases that are looked at: with more than that nobody closes a month. */
const CASES = 2000;

const content = z.object({ month: monthText });

export interface MonthCloseInit {
  readonly closed: Pick<ClosedMonths, 'get' | 'list' | 'begin' | 'finish'>;
  readonly ledger: Pick<LedgerStore, 'turnover' | 'late' | 'firstDay'>;
  readonly days: Pick<DayStore, 'first' | 'states'>;
  readonly cases: Pick<Cases, 'list' | 'openOnce'>;
  /** Brings the books up to orders and floats. */
  readonly catchUp: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The close of a month (月结): `open`, `compared` once nothing is in the way, `closed` by two persons and for good. What comes for it
 * later is posted, stands in no closed sum, and is a case: it is put right in the month in which it is found.
 */
export class MonthClose {
  readonly #init: MonthCloseInit;
  /** Late postings of which there is a case, so that a round costs reading only. */
  readonly #told = new Set<string>();
  /** When each closed month was held beside its postings. */
  readonly #heldAt = new Map<string, number>();

  constructor(init: MonthCloseInit) {
    this.#init = init;
  }

  /** At start, in web: what a second person allows is carried out here. */
  register(approvals: Approvals): void {
    approvals.register('month.close', {
      permission: 'reconcile:settle',
      run: (approval) => this.#begin(approval),
    });
  }

  /** From the first month in the books to this one, the newest first. */
  async list(): Promise<MonthView[]> {
    return (await this.#views()).map(({ sums: _sums, ...view }) => view);
  }

  /** Throws `request.not-found` for a month of which there is nothing. */
  async get(month: string): Promise<MonthDetail> {
    const found = (await this.#views()).find((each) => each.month === month);
    if (found !== undefined) return found;
    throw new ProblemError({ code: 'request.not-found', message: 'There is nothing of this month.' });
  }

  /** Throws `request.not-found`, `month.closed`, `month.not-compared` and says what is in the way. */
  async request(
    approvals: Approvals,
    init: {
      readonly month: string;
      readonly reason: string;
      readonly maker: AdminPrincipal;
      readonly where: Where;
    },
  ): Promise<Approval> {
    const { month, reason, maker, where } = init;
    const { state, inTheWay: found } = await this.get(month);
    if (state === 'closed' || state === 'closing') throw alreadyClosed(month);
    refuse(month, found);
    return approvals.request({ kind: 'month.close', content: { month, reason }, maker, where });
  }

  /** Takes the sums of what two persons closed, and makes a case of each posting that came too late; gives how many of both. */
  async round(): Promise<number> {
    const { closed, clock, log } = this.#init;
    let done = 0;
    for (const known of await closed.list()) {
      const { _id: month, state, since } = known;
      if (state === 'closed') await this.#hold(known);
      if (state === 'closed' || clock.now() < since.getTime() + SETTLED_MS) continue;
      const sums = await this.#sumsOf(month);
      const closedAt = new Date(clock.now());
      const digest = digestOf(month, sums);
      await closed.finish(month, { sums, digest, closedAt });
      log.info({ month, digest }, 'a month is closed');
      done += 1;
    }
    for (const posting of await this.#init.ledger.late()) done += await this.#tell(posting);
    return done;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({ work: () => this.round(), what: "months' close", everyMs, clock, log });
  }

  /** Once more when the second person allows it, on books that are up to now: from here on what comes is late. */
  async #begin({ _id: approval, content: asked, maker, checker }: Approval): Promise<void> {
    const { month } = content.parse(asked);
    const { closed, catchUp, clock } = this.#init;
    const known = await closed.get(month);
    // After a crash in the middle it is there already.
    if (known?.approval === approval) return;
    if (known !== null) throw alreadyClosed(month);
    await catchUp();
    refuse(month, (await this.get(month)).inTheWay);
    const since = new Date(clock.now());
    if (!(await closed.begin({ _id: month, maker, checker: checker ?? maker, approval, since }))) {
      throw alreadyClosed(month);
    }
  }

  async #views(): Promise<MonthDetail[]> {
    const { closed, ledger, days, cases, clock } = this.#init;
    const [compared, booked] = await Promise.all([days.first(), ledger.firstDay()]);
    const firstDay = [compared, booked].filter((day) => day !== undefined).toSorted()[0];
    if (firstDay === undefined) return [];
    const today = chinaDay(new Date(clock.now()));
    const months = monthsBetween(monthOf(firstDay), monthOf(today)).slice(0 - MONTHS);
    const done = new Map((await closed.list()).map((month) => [month._id, month]));
    const open = months.filter((month) => !done.has(month));
    const { first } = daysOfMonth(open[0] ?? monthOf(today));
    const states = await days.states(first, today);
    const openCases = await cases.list({ status: 'open', limit: CASES }, WHOLE_PROVINCE);
    return months
      .map((month, index) => {
        const known = done.get(month);
        if (known !== undefined) return closedView(known);
        const before = months[index - 1];
        const found = inTheWay({
          ...{ month, today, firstDay, cases: openCases },
          days: states.filter(({ _id }) => monthOf(_id) === month),
          beforeIsOpen: before !== undefined && !done.has(before),
        });
        return openView(month, found);
      })
      .toReversed();
  }

  /**
   * A process may have asked which months are closed, stood still for longer than the close waits, and posted then: in no closed
   * sum, and not marked as late. It is a case; nothing is put right by itself.
   */
  async #hold({ _id: month, digest, closedAt }: ClosedMonth): Promise<void> {
    const now = this.#init.clock.now();
    if (closedAt === undefined || now > closedAt.getTime() + WATCHED_MS) return;
    if (now < (this.#heldAt.get(month) ?? Number.NEGATIVE_INFINITY) + WATCH_EVERY_MS) return;
    if (digestOf(month, await this.#sumsOf(month)) !== digest) {
      const why = `${month} is closed, but its postings have another digest: something was booked that no sum has.`;
      await this.#init.cases.openOnce({
        ...({ kind: 'ledger-unsound', orderNo: 'none', key: `month-${month}` } as const),
        facts: { why },
      });
    }
    this.#heldAt.set(month, now);
  }

  async #sumsOf(month: string): Promise<MonthSum[]> {
    const { first, last } = daysOfMonth(month);
    const turnover = await this.#init.ledger.turnover({ from: first, to: last, inTime: true });
    return [...turnover]
      .map(([account, fen]) => ({ account, fen }))
      .toSorted((a, b) => (a.account < b.account ? -1 : 1));
  }

  async #tell({ source, n, group, name, day, legs }: Posting): Promise<number> {
    const posting = `${source}:${n}:${group}`;
    if (this.#told.has(posting)) return 0;
    const fen = legs.reduce((sum, leg) => sum + Math.max(0, leg.fen), 0);
    const report = {
      ...({ kind: 'late-posting', key: posting.slice(0, 128) } as const),
      orderNo: orderNo.safeParse(source).success ? source : 'none',
      facts: { posting, event: name, day, account: legs[0]?.account ?? '', ledgerFen: fen },
    };
    const opened = await this.#init.cases.openOnce(report);
    this.#told.add(posting);
    return opened === 'opened' ? 1 : 0;
  }
}

/** The same sums of the same month give the same. */
export function digestOf(month: string, sums: readonly MonthSum[]): string {
  return sha256Hex(canonicalJson({ month, sums }));
}

function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = monthOf(dayPlus(daysOfMonth(month).last, 1))) {
    months.push(month);
  }
  return months;
}

function closedView({ _id, state, maker, checker, since, sums, digest, closedAt }: ClosedMonth): MonthDetail {
  return {
    ...{ month: _id, state, inTheWay: [], closedBy: [maker.name, checker.name], since: since.toISOString() },
    ...{ closedAt: closedAt?.toISOString() ?? null, digest: digest ?? null },
    sums: (sums ?? []).map(({ account, fen }) => ({ account, fen })),
  };
}

function openView(month: string, found: readonly MonthObstacle[]): MonthDetail {
  return {
    ...{ month, state: found.length === 0 ? 'compared' : 'open', inTheWay: [...found] },
    ...{ closedBy: [], since: null, closedAt: null, digest: null, sums: [] },
  };
}

function refuse(month: string, found: readonly MonthObstacle[]): void {
  if (found.length === 0) return;
  throw new ProblemError({
    code: 'month.not-compared',
    message: `${month} cannot be closed. ${found.map(sentenceOf).join(' ')}`,
  });
}

function alreadyClosed(month: string): ProblemError {
  return new ProblemError({
    code: 'month.closed',
    message: `${month} is closed. What comes for it is put right in the month in which it is found.`,
  });
}
