import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { CreateRollout, RolloutCause, RolloutState, RolloutView } from '@bianmin/purchase/api/rollout';
import type { Approvals, Where } from '../../access/approvals.ts';
import { byAdmin, whoIs, type AuditTrail } from '../../access/audit.ts';
import { recordDone } from '../../access/record-done.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import { badOf } from './decide.ts';
import type { RolloutJournal } from './journal-store.ts';
import type { Publisher, Releases } from './releases.ts';
import { rolloutView } from './rollout-view.ts';
import type { Rollout, RolloutMove, RolloutStore } from './rollout-store.ts';

const LISTED = 100;
const content = z.object({ id: z.string(), stage: z.int(), reason: z.string() });

/** What two persons decide: that it begins, that its next step begins, that it goes on after a halt. */
const ASKED = {
  'rollout.start': { from: ['draft'], step: 0 },
  'rollout.widen': { from: ['running', 'paused'], step: 1 },
  'rollout.resume': { from: ['paused'], step: 0 },
} as const satisfies Record<string, { from: readonly RolloutState[]; step: 0 | 1 }>;
type Asked = keyof typeof ASKED;

export interface RolloutsInit {
  readonly store: RolloutStore;
  readonly journal: RolloutJournal;
  readonly releases: Releases;
  readonly orgs: Pick<OrgStore, 'get'>;
  readonly approvals: Approvals;
  readonly audit: AuditTrail;
  readonly clock: Pick<Clock, 'now'>;
}

/** Rollouts as people steer them: one asks, another allows what reaches more terminals; to halt or end one a single person is enough. */
export class Rollouts {
  readonly #init: RolloutsInit;

  constructor(init: RolloutsInit) {
    this.#init = init;
    for (const kind of Object.keys(ASKED) as Asked[]) {
      init.approvals.register(kind, {
        permission: 'release:manage',
        run: (approval) => this.#carryOut(kind, approval),
      });
    }
  }

  async list(): Promise<RolloutView[]> {
    return Promise.all((await this.#init.store.list(LISTED)).map((rollout) => this.#view(rollout)));
  }

  /** Makes a draft and asks for its start. Throws `request.not-found`, `release.state`, `order.idempotency-mismatch`. */
  async request(body: CreateRollout, maker: AdminPrincipal, where: Where): Promise<Approval> {
    const { releases, orgs, store, clock, audit } = this.#init;
    const { key, reason, release: releaseId, ...rules } = body;
    const { release } = await releases.open(releaseId);
    if (release.state !== 'ready') {
      throw new ProblemError({
        code: 'release.state',
        message: 'This release lacks files or was withdrawn. Send what is missing, or choose another.',
      });
    }
    const org = await orgs.get(body.org);
    if (org === null)
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such organisation.' });
    const rollout: Rollout = {
      ...{ _id: key, releaseId, kind: release.kind, release: release.version, ...rules, orgPath: org.path },
      ...{ state: 'draft', stage: 0, forgiven: 0, ready: false, moves: [], version: 1 },
      ...{ by: maker.userId, at: new Date(clock.now()) },
    };
    const data = { release: releaseId, ...rules, reason };
    await audit.record(
      byAdmin(maker, {
        action: 'rollout.create',
        target: key,
        where,
        data,
      }),
    );
    if ((await store.insert(rollout)) === 'exists') {
      throw new ProblemError({
        code: 'order.idempotency-mismatch',
        message: 'This key was used for another rollout. Choose another.',
      });
    }
    return this.#ask('rollout.start', rollout, { reason, maker, where });
  }

  /** Asks for the next step, or that it goes on after a halt. Throws `request.not-found`, `rollout.state`. */
  async requestMove(
    id: string,
    init: { to: 'widen' | 'resume'; reason: string; maker: AdminPrincipal; where: Where },
  ): Promise<Approval> {
    return this.#ask(`rollout.${init.to}`, await this.#get(id), init);
  }

  /** Halts it, or ends it for good, at once. Throws `request.not-found`, `rollout.state`. */
  async halt(
    id: string,
    init: { to: 'paused' | 'stopped'; reason: string; by: AdminPrincipal; where: Where },
  ): Promise<RolloutView> {
    const by = whoIs(init.by);
    return this.#view(await this.#halt(id, { ...init, by, cause: 'person' }));
  }

  /** Ends every rollout of a release that was withdrawn. */
  async endOf(releaseId: string, reason: string, by: Publisher, where: Where): Promise<void> {
    for (const { _id } of await this.#init.store.ofRelease(releaseId)) {
      await this.#halt(_id, { to: 'stopped', reason, by, where, cause: 'withdrawn' });
    }
  }

  async #halt(
    id: string,
    init: { to: 'paused' | 'stopped'; reason: string; by: Publisher; where: Where; cause: RolloutCause },
  ): Promise<Rollout> {
    const { to, reason, by, where, cause } = init;
    const { audit, store } = this.#init;
    for (let told = false; ; told = true) {
      const rollout = await this.#get(id);
      if (rollout.state === to) return rollout;
      const from: readonly RolloutState[] =
        to === 'paused' ? ['running'] : ['draft', 'running', 'paused', 'done'];
      if (!from.includes(rollout.state)) throw notNow();
      const action = to === 'paused' ? 'rollout.pause' : 'rollout.stop';
      if (!told) await audit.record({ who: by, action, target: id, where, data: { reason, cause } });
      const counts = await this.#init.journal.counts(id);
      const move = this.#move(rollout, { state: to, cause, by: by.id, reason, counts });
      const moved = await store.move(rollout, move);
      // Where the worker was faster, what a person wants still holds.
      if (moved !== null) return moved;
    }
  }

  async #ask(
    kind: Asked,
    rollout: Rollout,
    init: { reason: string; maker: AdminPrincipal; where: Where },
  ): Promise<Approval> {
    const stage = stageFor(kind, rollout);
    const { _id: id, releaseId, org, stages } = rollout;
    const permille = stages[stage]?.permille;
    return this.#init.approvals.request({
      kind,
      content: { id, release: releaseId, org, stage, permille, reason: init.reason },
      maker: init.maker,
      where: init.where,
    });
  }

  /** A second time, after a crash, it finds that it was done. */
  async #carryOut(kind: Asked, approval: Approval): Promise<void> {
    const { id, stage, reason } = content.parse(approval.content);
    const { store, journal, releases, audit, clock } = this.#init;
    for (;;) {
      const rollout = await this.#get(id);
      if (rollout.moves.some((move) => move.approval === approval._id)) return;
      if (stageFor(kind, rollout) !== stage) throw notNow();
      if ((await releases.servable(rollout.releaseId)) === undefined) throw notNow();
      const counts = await journal.counts(id);
      const data = { release: rollout.releaseId, stage, reason };
      await recordDone(audit, approval, { action: kind, target: id, data });
      const move = this.#move(rollout, {
        state: 'running',
        cause: 'person',
        by: approval.checker?.id ?? '',
        reason,
        counts,
      });
      const now = new Date(clock.now());
      const halted = rollout.moves[0]?.cause;
      const moved = await store.move(
        rollout,
        { ...move, stage, approval: approval._id },
        {
          stageSince: now,
          // What was seen when two persons let it go on does not end it again.
          forgiven: badOf(counts),
          ...(kind !== 'rollout.start' && halted === 'faults' ? { faultFactor: 0 } : {}),
        },
      );
      if (moved !== null) return;
    }
  }

  #move(
    { stage }: Rollout,
    of: Pick<RolloutMove, 'state' | 'cause' | 'by' | 'reason' | 'counts'>,
  ): RolloutMove {
    return { at: new Date(this.#init.clock.now()), stage, ...of };
  }

  async #get(id: string): Promise<Rollout> {
    const rollout = await this.#init.store.get(id);
    if (rollout !== null) return rollout;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such rollout.' });
  }

  async #view(rollout: Rollout): Promise<RolloutView> {
    return rolloutView(rollout, await this.#init.journal.counts(rollout._id));
  }
}

/** The step that it would be at. Throws `rollout.state`. */
function stageFor(kind: Asked, { state, stage, stages }: Rollout): number {
  const { from, step }: { from: readonly RolloutState[]; step: number } = ASKED[kind];
  const next = stage + step;
  if (!from.includes(state) || next >= stages.length) throw notNow();
  return next;
}

function notNow(): ProblemError {
  return new ProblemError({
    code: 'rollout.state',
    message: 'The rollout has changed, or its release cannot be offered. Read it again.',
  });
}
