import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Case } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import { needsTwoPersons } from '../../orders/model/case-sink.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { accrualKindOf, kindOf } from '../ledger/accounts.ts';
import { LedgerError } from '../ledger/error.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Posting } from '../ledger/posting.ts';

const KIND = 'case.settle';
const adjustment = z.strictObject({
  debit: z.string(),
  credit: z.string(),
  fen: z.int().min(1).max(99_999_999),
});
const content = z.strictObject({ caseId: z.string(), text: z.string(), adjustment: adjustment.optional() });
export type Adjustment = z.infer<typeof adjustment>;

/** Ends a reconciliation's difference: one person says how, another allows it, and the books get what they agreed on. */
export class Settlements {
  readonly #cases: Cases;
  readonly #ledger: LedgerStore;
  readonly #approvals: Approvals;
  readonly #clock: Clock;

  constructor(init: { cases: Cases; ledger: LedgerStore; approvals: Approvals; clock: Clock }) {
    this.#cases = init.cases;
    this.#ledger = init.ledger;
    this.#approvals = init.approvals;
    this.#clock = init.clock;
    init.approvals.register(KIND, {
      permission: 'reconcile:settle',
      run: (approval) => this.#settle(approval),
    });
  }

  /** Throws `request.not-found`, `case.resolved`, `request.malformed` for an account that is not in the chart. */
  async request(init: {
    caseId: string;
    text: string;
    adjustment?: Adjustment | undefined;
    maker: AdminPrincipal;
    where: Where;
  }): Promise<Approval> {
    const known = await this.#cases.get(init.caseId);
    if (known.status === 'resolved') {
      throw new ProblemError({
        code: 'case.resolved',
        message: 'This case is already resolved. Only notes can be added.',
      });
    }
    if (!needsTwoPersons(known.kind)) {
      throw new ProblemError({
        code: 'request.malformed',
        message: 'This case does not come from a reconciliation. Resolve it among the cases.',
      });
    }
    const { caseId, text, adjustment: books, maker, where } = init;
    if (books !== undefined) checkAccounts(books);
    const asked = { caseId, text, ...(books === undefined ? {} : { adjustment: books }) };
    return this.#approvals.request({ kind: KIND, content: asked, maker, where });
  }

  /** The case first, by compare-and-set: of two who settle it at once only one has it, and only that one's books count. */
  async #settle(approval: Approval): Promise<void> {
    const { caseId, text, adjustment: books } = content.parse(approval.content);
    const { maker, checker } = approval;
    const by = checker ?? maker;
    const words = `${text} (${maker.name}, ${by.name})`;
    let known = await this.#cases.get(caseId);
    // After a crash in the middle it is resolved already.
    if (known.status !== 'resolved' || known.resolution?.text !== words) {
      known = await this.#cases.resolve(caseId, by, words, { twoPersons: true });
    }
    if (books !== undefined) await this.#post(known, approval, books);
  }

  /** Once for each time that a case was resolved, even where the same is asked for again in the same words. */
  async #post(settled: Case, approval: Approval, { debit, credit, fen }: Adjustment): Promise<void> {
    const at = approval.decidedAt ?? new Date(this.#clock.now());
    const posting: Posting = {
      ...{
        source: `case:${settled._id}`,
        n: settled.reopened + 1,
        group: 'adjustment',
        name: 'case.settled',
      },
      ...{ at, day: chinaDay(at) },
      legs: [
        { account: debit, fen },
        { account: credit, fen: -fen },
      ],
    };
    try {
      await this.#ledger.add([posting]);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      const message = 'This case was settled with another adjustment.';
      throw new ProblemError({ code: 'case.resolved', message, cause: error });
    }
  }
}

function checkAccounts({ debit, credit }: Adjustment): void {
  if (accrualKindOf(debit) !== accrualKindOf(credit)) {
    throw new ProblemError({
      code: 'request.malformed',
      message:
        'What is owed for agency or commissions is never set against money, nor one against the other.',
    });
  }
  if (debit !== credit && kindOf(debit) !== undefined && kindOf(credit) !== undefined) return;
  throw new ProblemError({
    code: 'request.malformed',
    message: 'An adjustment goes from one account of the chart to another. Name two of docs/books.md.',
  });
}
