import { covers, type Scope } from '../kernel/scope.ts';
import type { CardRead, Reading } from '../people/staff/readings-store.ts';
import type { ApprovalClaim } from '../access/store/approval-claims.ts';
import type { Approval, ApprovalPerson } from '../access/store/approvals.ts';

/** Approvals in memory: every step is a compare-and-set, as in the database. */
export class MemoryApprovals {
  readonly approvals = new Map<string, Approval>();

  insert(approval: Approval): Promise<'inserted' | 'exists'> {
    if (this.approvals.has(approval._id)) return Promise.resolve('exists');
    this.approvals.set(approval._id, approval);
    return Promise.resolve('inserted');
  }

  get(id: string): Promise<Approval | null> {
    return Promise.resolve(this.approvals.get(id) ?? null);
  }

  list(status: Approval['status'] | undefined, scope: Scope): Promise<Approval[]> {
    const found = [...this.approvals.values()].filter(
      (each) => (status === undefined || each.status === status) && covers(scope, each.orgPath),
    );
    const way = status === 'open' ? 1 : -1;
    return Promise.resolve(found.sort((a, b) => way * (a.createdAt.getTime() - b.createdAt.getTime())));
  }

  decide(
    id: string,
    to: 'accepted' | 'refused',
    checker: ApprovalPerson,
    at: Date,
  ): Promise<Approval | null> {
    return this.#change(
      id,
      ({ status, maker }) => status === 'open' && maker.id !== checker.id,
      (known) => ({
        ...known,
        status: to,
        checker,
        decidedAt: at,
        ...(to === 'refused' ? { endedAt: at } : {}),
      }),
    );
  }

  startRun(id: string, at: Date, until: Date): Promise<Approval | null> {
    return this.#change(
      id,
      ({ status, runUntil }) => status === 'accepted' && (runUntil === undefined || runUntil <= at),
      (known) => ({ ...known, runUntil: until }),
    );
  }

  endRun(
    id: string,
    end: { status: 'done' | 'failed'; failure?: string; at: Date },
  ): Promise<Approval | null> {
    const { status, failure, at } = end;
    return this.#change(
      id,
      (known) => known.status === 'accepted',
      (known) => ({ ...known, status, endedAt: at, ...(failure === undefined ? {} : { failure }) }),
    );
  }

  async releaseRun(id: string): Promise<void> {
    await this.#change(
      id,
      ({ status }) => status === 'accepted',
      ({ runUntil: _, ...known }) => known,
    );
  }

  acceptedNotRunning(at: Date): Promise<Approval[]> {
    const found = [...this.approvals.values()].filter(
      ({ status, runUntil }) => status === 'accepted' && (runUntil === undefined || runUntil <= at),
    );
    return Promise.resolve(found);
  }

  #change(
    id: string,
    may: (known: Approval) => boolean,
    changed: (known: Approval) => Approval,
  ): Promise<Approval | null> {
    const known = this.approvals.get(id);
    if (known === undefined || !may(known)) return Promise.resolve(null);
    const next = changed(known);
    this.approvals.set(id, next);
    return Promise.resolve(next);
  }
}

/** Claims of approvals in memory. */
export class MemoryApprovalClaims {
  readonly #claims = new Map<string, ApprovalClaim>();

  insert(claim: ApprovalClaim): Promise<'inserted' | 'exists'> {
    if (this.#claims.has(claim._id)) return Promise.resolve('exists');
    this.#claims.set(claim._id, claim);
    return Promise.resolve('inserted');
  }

  get(key: string): Promise<ApprovalClaim | null> {
    return Promise.resolve(this.#claims.get(key) ?? null);
  }

  takeOver(known: ApprovalClaim, next: ApprovalClaim): Promise<boolean> {
    const now = this.#claims.get(known._id);
    const isAsKnown = now?.approval === known.approval && now.at.getTime() === known.at.getTime();
    if (isAsKnown) this.#claims.set(known._id, next);
    return Promise.resolve(isAsKnown);
  }
}

/** Readings in memory: each is filled once. */
export class MemoryReadings {
  readonly #readings = new Map<string, Reading>();

  insert(reading: Reading): Promise<void> {
    this.#readings.set(reading._id, reading);
    return Promise.resolve();
  }

  get(nonce: string): Promise<Reading | null> {
    return Promise.resolve(this.#readings.get(nonce) ?? null);
  }

  fill(nonce: string, read: CardRead): Promise<Reading | null> {
    const known = this.#readings.get(nonce);
    if (known === undefined || known.read !== undefined) return Promise.resolve(null);
    const filled = { ...known, read };
    this.#readings.set(nonce, filled);
    return Promise.resolve(filled);
  }
}
