import type { Clock } from '@bianmin/card/clock';
import { covers, WHOLE_PROVINCE, type Scope } from '../kernel/scope.ts';
import { needsTwoPersons, type CaseKind, type CaseReport, type CaseSink } from '../orders/model/case-sink.ts';
import { ProblemError } from '../kernel/problem.ts';
import { caseIdOf, SYSTEM, type Case, type CasePerson } from './case.ts';
import type { CaseQuery, CaseStore } from './case-store.ts';

const MAX_RACES = 20;
/** Read at once. */
const PAGE = 100;
/** Further notes are for the audit trail: a case must stay one small document. */
const MAX_NOTES = 200;

/**
 * Differences with an owner. Opening is free to repeat: the same difference is one case, and one that is reported again
 * after it was called resolved is open again.
 */
export class Cases implements CaseSink {
  readonly #store: CaseStore;
  readonly #clock: Clock;

  constructor(init: { store: CaseStore; clock: Clock }) {
    this.#store = init.store;
    this.#clock = init.clock;
  }

  /** Resolves once the case is durable. */
  open(report: CaseReport): Promise<void> {
    return this.#open(report, () => true);
  }

  /** For what comes and goes: one that ended by itself is open again, and one that a person resolved is left as they have it. */
  openWhileItLasts(report: CaseReport): Promise<void> {
    return this.#open(report, ({ resolution }) => resolution?.by.id === SYSTEM.id);
  }

  async #open(report: CaseReport, mayReopen: (known: Case) => boolean): Promise<void> {
    const fresh = this.#fresh(report);
    const at = fresh.openedAt;
    if ((await this.#store.insert(fresh)) === 'inserted') return;
    await this.#change(fresh._id, (known) => {
      if (known.status === 'open' || !mayReopen(known)) return undefined;
      const was = known.resolution === null ? '' : ` It had been resolved: ${known.resolution.text}`;
      return {
        status: 'open',
        facts: report.facts,
        resolution: null,
        reopened: known.reopened + 1,
        notes: noted(known, {
          at,
          by: 'system',
          byName: 'system',
          text: `Found again.${was}`.slice(0, 2000),
        }),
      };
    });
  }

  /** For what stays as it was, such as a bill: one that is there already, resolved or not, is left as people have it. */
  async openOnce(report: CaseReport): Promise<'opened' | 'known'> {
    return (await this.#store.insert(this.#fresh(report))) === 'inserted' ? 'opened' : 'known';
  }

  /** Throws `request.not-found`. */
  async get(id: string): Promise<Case> {
    const found = await this.#store.get(id);
    if (found === null) throw noSuchCase();
    return found;
  }

  /** For a person: throws `request.not-found` also where it is outside of their scope. */
  async getWithin(id: string, scope: Scope): Promise<Case> {
    const found = await this.get(id);
    if (covers(scope, found.orgPath)) return found;
    throw noSuchCase();
  }

  list(query: CaseQuery, scope: Scope): Promise<Case[]> {
    return this.#store.list(query, scope);
  }

  /** Every open one of a kind, of the whole province, newest first. What is ended meanwhile does not hide others. */
  async *openOf(kind: CaseKind): AsyncIterable<Case> {
    for (let before: Date | undefined; ;) {
      const query = { kind, status: 'open', limit: PAGE } as const;
      const found = await this.#store.list(
        { ...query, ...(before === undefined ? {} : { before }) },
        WHOLE_PROVINCE,
      );
      yield* found;
      if (found.length < PAGE) return;
      before = found.at(-1)?.openedAt;
    }
  }

  /** From now on this person answers for it; null: it has no owner. Throws `case.resolved`. */
  assign(id: string, owner: CasePerson | null): Promise<Case> {
    return this.#change(id, (known) => {
      refuseResolved(known);
      return known.owner?.id === owner?.id ? undefined : { owner };
    });
  }

  /** Also on a resolved case: what is learnt later belongs to it. */
  note(id: string, by: CasePerson, words: string): Promise<Case> {
    return this.#change(id, (known) => ({
      notes: noted(known, { at: this.#now(), by: by.id, byName: by.name, text: words }),
    }));
  }

  /** Says what became of it. Throws `case.resolved` where that was said before, `case.two-persons`. */
  resolve(
    id: string,
    by: CasePerson,
    words: string,
    init: { readonly twoPersons: boolean } = { twoPersons: false },
  ): Promise<Case> {
    return this.#change(id, (known) => {
      refuseResolved(known);
      if (!init.twoPersons && needsTwoPersons(known.kind)) {
        throw new ProblemError({
          code: 'case.two-persons',
          message: 'Two people must settle a difference of the books. Ask for its settlement.',
        });
      }
      return { status: 'resolved', resolution: { at: this.#now(), by, text: words } };
    });
  }

  /** What it was about is over by itself: ends it where it is open. Nothing where there is none. */
  async end(id: string, by: CasePerson, words: string): Promise<void> {
    if ((await this.#store.get(id))?.status !== 'open') return;
    await this.#change(id, (known) =>
      known.status === 'open'
        ? { status: 'resolved', resolution: { at: this.#now(), by, text: words } }
        : undefined,
    );
  }

  /** Leaves a note on every open case of an order. */
  async noteOrder(orderNo: string, by: CasePerson, words: string): Promise<void> {
    for (const { _id } of await this.#store.list({ orderNo, status: 'open', limit: 50 }, WHOLE_PROVINCE)) {
      await this.note(_id, by, words);
    }
  }

  #fresh(report: CaseReport): Case {
    const at = this.#now();
    return {
      _id: caseIdOf(report),
      kind: report.kind,
      orderNo: report.orderNo,
      ...(report.orgPath === undefined ? {} : { orgPath: report.orgPath }),
      key: report.key ?? '',
      facts: report.facts,
      status: 'open',
      owner: null,
      notes: [],
      resolution: null,
      openedAt: at,
      updatedAt: at,
      reopened: 0,
      version: 1,
    };
  }

  async #change(id: string, decide: (known: Case) => Partial<Case> | undefined): Promise<Case> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const known = await this.get(id);
      const change = decide(known);
      if (change === undefined) return known;
      const next = { ...known, ...change, updatedAt: this.#now(), version: known.version + 1 };
      if ((await this.#store.replace(known, next)) === 'replaced') return next;
    }
    throw new Error(`Case ${id} was changed by others ${MAX_RACES} times in a row.`);
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}

function noted(known: Case, note: Case['notes'][number]): Case['notes'] {
  return [...known.notes, note].slice(-MAX_NOTES);
}

function noSuchCase(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such case.' });
}

function refuseResolved(known: Case): void {
  if (known.status === 'open') return;
  throw new ProblemError({
    code: 'case.resolved',
    message: 'This case is already resolved. Only notes can be added.',
  });
}
