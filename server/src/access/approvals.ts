import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import { otherIntent, type Intent } from '../route/idempotency.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { Approval, ApprovalPerson, ApprovalStore } from './store/approvals.ts';
import { ApprovalClaims, type ApprovalClaimsInit, type OnlyOne } from './approval-claims.ts';
import { byAdmin, type AuditTrail } from './audit.ts';
import { sha256Hex } from '../kernel/canonical.ts';
import type { Permission } from '../kernel/permissions.ts';
import { covers, type Scope } from '../kernel/scope.ts';
import { refuseUnsettled } from './settling.ts';
import type { AdminPrincipal } from '../kernel/principal.ts';

/** Longer than any handler takes; after a crash another process carries the approval out once this is over. */
const RUN_MS = 30_000;

export interface ApprovalKind {
  /** What a checker needs besides `approval:decide`. */
  readonly permission: Permission;
  /**
   * Carries out what was allowed. It runs once to its end; after a crash in the middle it runs again, so it
   * must do no harm a second time: use `approval._id` as its key. A `ProblemError`, or content that its schema
   * refuses, ends the approval as `failed`; anything else leaves it `accepted`, to be tried again.
   */
  readonly run: (approval: Approval) => Promise<void>;
  /** Whether this person may allow this one; throws the problem that stands in the way. */
  readonly mayAllow?: (approval: Approval, checker: AdminPrincipal) => Promise<void>;
}

export interface Where {
  readonly ip: string;
  readonly traceId: string;
  /** What the caller asked for under a key of theirs. */
  readonly intent?: Intent;
}

/** What of the approvals' store is worked on. */
type Approved = Pick<
  ApprovalStore,
  'insert' | 'get' | 'list' | 'decide' | 'startRun' | 'endRun' | 'releaseRun' | 'acceptedNotRunning'
>;

export interface ApprovalsInit {
  readonly store: Approved;
  readonly claims: ApprovalClaimsInit['claims'];
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly clock: Clock;
}

/** Maker and checker: what one person asks for, another must allow before it is done. */
export class Approvals {
  readonly #init: ApprovalsInit;
  readonly #claims: ApprovalClaims;
  readonly #kinds = new Map<string, ApprovalKind>();

  constructor(init: ApprovalsInit) {
    this.#init = init;
    this.#claims = new ApprovalClaims({ claims: init.claims, approvals: init.store, clock: init.clock });
  }

  /** At start, before any request; each kind once. */
  register(kind: string, definition: ApprovalKind): void {
    if (this.#kinds.has(kind)) throw new Error(`The approval kind ${kind} is registered twice.`);
    this.#kinds.set(kind, definition);
  }

  /** By which something that another person asks for is allowed, `refund:approve` among them. */
  permissions(): ReadonlySet<Permission> {
    const kinds = [...this.#kinds.values()].map(({ permission }) => permission);
    return new Set([...kinds, 'approval:decide', 'refund:approve']);
  }

  /**
   * What was asked for under the same key already is given as it is now. Throws `order.idempotency-mismatch`, and the problem of
   * `only` where another approval is about the same; of that nothing is recorded.
   */
  async request(init: {
    kind: string;
    content: Readonly<Record<string, unknown>>;
    /** Of what it is about; the province's where it is absent, and for its people alone to decide. */
    orgPath?: readonly string[];
    maker: AdminPrincipal;
    where: Where;
    /** What no two approvals may be about, those that were refused or failed aside. */
    only?: OnlyOne;
  }): Promise<Approval> {
    this.#kindOf(init.kind);
    const { store } = this.#init;
    const { intent } = init.where;
    const _id = intent === undefined ? randomUUID() : idOf(init.maker.userId, init.kind, intent);
    const known = intent === undefined ? null : await store.get(_id);
    if (known !== null) return sameIntent(known, intent);
    const approval: Approval = {
      _id,
      ...(intent === undefined ? {} : { intent: intent.digest }),
      kind: init.kind,
      content: init.content,
      status: 'open',
      ...(init.orgPath === undefined ? {} : { orgPath: init.orgPath }),
      maker: personOf(init.maker),
      createdAt: new Date(this.#init.clock.now()),
    };
    if (init.only !== undefined) await this.#claims.claim(init.only, _id);
    await this.#record('approval.request', approval, init.maker, init.where);
    // The trail may have let it wait for longer than a claim without its approval lasts.
    if (init.only !== undefined) await this.#claims.claim(init.only, _id);
    if ((await store.insert(approval)) === 'inserted') return approval;
    const first = await store.get(_id);
    if (first === null) throw new Error(`The approval ${_id} is there and is not.`);
    return sameIntent(first, intent);
  }

  /**
   * Decides and, when accepted, carries out. Throws `approval.same-person`, `approval.already-decided`, `approval.too-new`,
   * `auth.forbidden`, `request.not-found`. Of two checkers at once one decides, the other is told so.
   */
  async decide(init: {
    id: string;
    checker: AdminPrincipal;
    accept: boolean;
    where: Where;
  }): Promise<Approval> {
    const approval = await this.#init.store.get(init.id);
    if (approval === null || !covers(init.checker.scope, approval.orgPath)) {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such approval.' });
    }
    const { permission, mayAllow } = this.#kindOf(approval.kind);
    if (!init.checker.permissions.has(permission)) {
      throw new ProblemError({
        code: 'auth.forbidden',
        message: `This needs the permission ${permission}. Ask an administrator for it.`,
      });
    }
    if (approval.maker.id === init.checker.userId) {
      throw new ProblemError({
        code: 'approval.same-person',
        message: 'You asked for this, so you cannot allow it. Ask a second person.',
      });
    }
    if (init.accept) refuseUnsettled(init.checker, ['approval:decide', permission]);
    if (init.accept) await mayAllow?.(approval, init.checker);
    await this.#record(
      init.accept ? 'approval.accept' : 'approval.refuse',
      approval,
      init.checker,
      init.where,
    );
    const decided = await this.#init.store.decide(
      init.id,
      init.accept ? 'accepted' : 'refused',
      personOf(init.checker),
      new Date(this.#init.clock.now()),
    );
    if (decided === null) {
      throw new ProblemError({
        code: 'approval.already-decided',
        message: 'This has already been decided. Read it again.',
      });
    }
    return init.accept ? ((await this.#run(decided._id)) ?? decided) : decided;
  }

  list(status: Approval['status'] | undefined, scope: Scope): Promise<Approval[]> {
    return this.#init.store.list(status, scope);
  }

  /**
   * Carries out what was accepted and not finished, after a crash or a handler's passing failure; at start and
   * now and then. One that fails again is told to `onError` and does not keep the others from their turn.
   */
  async resume(onError: (error: unknown, id: string) => void): Promise<number> {
    let finished = 0;
    for (const { _id, kind } of await this.#init.store.acceptedNotRunning(new Date(this.#init.clock.now()))) {
      if (!this.#kinds.has(kind)) continue;
      try {
        if ((await this.#run(_id)) !== null) finished += 1;
      } catch (error) {
        onError(error, _id);
      }
    }
    return finished;
  }

  /** Null where another process has it in hand. A handler's passing failure is thrown after its lease is given back. */
  async #run(id: string): Promise<Approval | null> {
    const { store, clock } = this.#init;
    const now = clock.now();
    const approval = await store.startRun(id, new Date(now), new Date(now + RUN_MS));
    if (approval === null) return null;
    try {
      await this.#kindOf(approval.kind).run(approval);
    } catch (error) {
      const failure = finalOf(error);
      if (failure === undefined) {
        await store.releaseRun(id);
        throw error;
      }
      return store.endRun(id, { status: 'failed', failure, at: new Date(clock.now()) });
    }
    return store.endRun(id, { status: 'done', at: new Date(clock.now()) });
  }

  #kindOf(kind: string): ApprovalKind {
    const definition = this.#kinds.get(kind);
    if (definition === undefined) throw new Error(`No approval kind ${kind} is registered.`);
    return definition;
  }

  #record(action: string, approval: Approval, by: AdminPrincipal, where: Where): Promise<void> {
    const { _id: target, kind, content } = approval;
    return this.#init.audit.record(byAdmin(by, { action, target, where, data: { kind, content } }));
  }
}

function personOf(principal: AdminPrincipal): ApprovalPerson {
  return { id: principal.userId, name: principal.name };
}

/** The code of what no further try would mend: a problem, or content of an older version that is not understood any more. */
function finalOf(error: unknown): string | undefined {
  if (error instanceof ProblemError) return error.code;
  return error instanceof z.ZodError ? 'request.malformed' : undefined;
}

function sameIntent(known: Approval, intent: Intent | undefined): Approval {
  if (known.intent !== intent?.digest) throw otherIntent();
  return known;
}

/** The same for the same intention of the same person: two that come at once are one. */
function idOf(userId: string, kind: string, { key }: Intent): string {
  const hex = sha256Hex(`${userId}\n${kind}\n${key}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
