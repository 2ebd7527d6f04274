import type { Clock } from '@bianmin/card/clock';
import type { ProblemError } from '../kernel/problem.ts';
import type { ApprovalClaim, ApprovalClaimStore } from './store/approval-claims.ts';
import type { Approval, ApprovalStore } from './store/approvals.ts';

/** Longer than storing an approval takes: a claim whose approval is missing still is of a process that ended in between. */
const STORING_MS = 30_000;

/** What no two approvals may be about at once. */
export interface OnlyOne {
  readonly key: string;
  /**
   * The problem for who comes second. `by`: the approval that has the key; null: it is being stored. Undefined: what was done under
   * that one counts no more, and the key is free.
   */
  readonly taken: (by: Approval | null) => ProblemError | undefined;
}

export interface ApprovalClaimsInit {
  readonly claims: Pick<ApprovalClaimStore, 'insert' | 'get' | 'takeOver'>;
  readonly approvals: Pick<ApprovalStore, 'get'>;
  readonly clock: Clock;
}

/** Claims what only one approval may be about. One that was refused or failed has it no more; one that was done keeps it. */
export class ApprovalClaims {
  readonly #init: ApprovalClaimsInit;

  constructor(init: ApprovalClaimsInit) {
    this.#init = init;
  }

  /** For the approval of this id, also where it has the key already. Throws what `taken` gives. */
  async claim({ key, taken }: OnlyOne, approval: string): Promise<void> {
    const { claims, clock } = this.#init;
    for (;;) {
      const own = { _id: key, approval, at: new Date(clock.now()) };
      if ((await claims.insert(own)) === 'inserted') return;
      const held = await claims.get(key);
      if (held === null) throw new Error('A claim is there and is not.');
      const problem = held.approval === approval ? undefined : await this.#inTheWay(held, taken);
      if (problem !== undefined) throw problem;
      // Also its own: by the new time nobody takes it for one that was left behind.
      if (await claims.takeOver(held, own)) return;
    }
  }

  async #inTheWay(held: ApprovalClaim, taken: OnlyOne['taken']): Promise<ProblemError | undefined> {
    const by = await this.#init.approvals.get(held.approval);
    if (by === null) {
      const isLeft = held.at.getTime() + STORING_MS < this.#init.clock.now();
      return isLeft ? undefined : taken(null);
    }
    return by.status === 'refused' || by.status === 'failed' ? undefined : taken(by);
  }
}
