import type { Logger } from 'pino';
import type { Clock } from '@bianmin/card/clock';
import type { Platform } from '@bianmin/purchase/api/heartbeat';
import type { ReleaseKind } from '@bianmin/purchase/api/release';
import type { OutcomeCounts } from '@bianmin/purchase/api/rollout';
import { scopeOf } from '../../kernel/scope.ts';
import type { AuditTrail } from '../../access/audit.ts';
import type { Cohorts } from '../terminals/cohorts.ts';
import type { PresenceViews } from '../terminals/presence-view.ts';
import { decide, type Decision, type FaultRates } from './decide.ts';
import type { RolloutEntry, RolloutJournal } from './journal-store.ts';
import { INSTALLED_WITHIN_MS } from './outcome.ts';
import type { Rollout, RolloutMove, RolloutStore } from './rollout-store.ts';

/** A terminal that is not heard of for so long after it took a release is missed because of it, ms. */
const WATCHED_MS = 4 * 3_600_000;
/** Silence that counts, of the time in which we could hear: longer than what is only in Redis may be lost for. */
const SILENT_MS = 20 * 60_000;
const AT_ONCE = 500;
/** Counting faults reads every terminal of the region. */
const FAULTS_EVERY_MS = 5 * 60_000;

const PLATFORM_OF: Readonly<Record<ReleaseKind, Platform>> = {
  ...{ 'kiosk-win': 'windows', 'kiosk-linux': 'linux', box: 'android' },
};

export interface WatchInit {
  readonly store: RolloutStore;
  readonly journal: RolloutJournal;
  readonly audit: AuditTrail;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** How terminals are by their beats. */
  readonly presenceOf: PresenceViews;
  readonly cohorts: Pick<Cohorts, 'of'>;
}

/** Judges running rollouts: moves them on, halts them or ends them. Two workers that do so at once move each once. */
export class RolloutWatch {
  readonly #init: WatchInit;
  readonly #faults = new Map<string, { readonly at: number; readonly rates: FaultRates }>();

  constructor(init: WatchInit) {
    this.#init = init;
  }

  /** One round; gives how many rollouts it moved. */
  async round(): Promise<number> {
    let moved = 0;
    for (const rollout of await this.#init.store.running()) {
      await this.#miss(rollout);
      const counts = await this.#init.journal.counts(rollout._id);
      const faults = await this.#faultsOf(rollout);
      const now = this.#init.clock.now();
      const decision = decide(judged(rollout), counts, { now, ...(faults === undefined ? {} : { faults }) });
      if (await this.#act(rollout, decision, counts)) moved += 1;
    }
    return moved;
  }

  async #act(rollout: Rollout, decision: Decision, counts: OutcomeCounts): Promise<boolean> {
    if (decision.is === 'wait') return false;
    if (decision.is === 'ask') {
      if (!rollout.ready) await this.#init.store.markReady(rollout);
      return false;
    }
    const { audit, store, log } = this.#init;
    const move = this.#moveOf(rollout, decision, counts);
    const told = {
      release: rollout.releaseId,
      state: move.state,
      stage: move.stage,
      cause: move.cause,
      counts,
    };
    const where = { ip: '', traceId: '' };
    // Written before it is done; where another worker was faster it came to nothing.
    await audit.record({
      ...{ who: { kind: 'system', id: 'rollout-watch' }, action: 'rollout.move', target: rollout._id },
      ...{ where, data: told },
    });
    const later = decision.is === 'advance' ? { stageSince: move.at } : {};
    if ((await store.move(rollout, move, later)) === null) return false;
    const halted = decision.is === 'pause' || decision.is === 'stop';
    log[halted ? 'warn' : 'info']({ rollout: rollout._id, ...told }, 'a rollout moved by itself');
    return true;
  }

  #moveOf(
    { stage }: Rollout,
    decision: Exclude<Decision, { is: 'wait' | 'ask' }>,
    counts: OutcomeCounts,
  ): RolloutMove {
    const base = { at: new Date(this.#init.clock.now()), stage, by: null, reason: '', counts };
    switch (decision.is) {
      case 'advance':
        return { ...base, stage: decision.stage, state: 'running', cause: 'success' };
      case 'done':
        return { ...base, state: 'done', cause: 'success' };
      case 'pause':
        return { ...base, state: 'paused', cause: decision.cause };
      case 'stop':
        return { ...base, state: 'stopped', cause: decision.cause };
    }
  }

  /** Those that took it a while ago and are not heard of: by their beats, or never after they took it. */
  async #miss({ _id, kind }: Rollout): Promise<void> {
    // A family pulls the plug when it likes.
    if (kind === 'box') return;
    const { journal, clock } = this.#init;
    const now = clock.now();
    const span = { from: new Date(now - WATCHED_MS), to: new Date(now - INSTALLED_WITHIN_MS) };
    let after: RolloutEntry | undefined;
    for (;;) {
      const page = await journal.tookBetween(_id, span, { after, limit: AT_ONCE });
      const presence = await this.#init.presenceOf(page.map(({ terminalId }) => terminalId));
      for (const entry of page) {
        const { presence: is, silentMs } = presence.get(entry.terminalId) ?? {
          presence: 'never',
          silentMs: 0,
        };
        if (silentMs < SILENT_MS) continue;
        // One that never beats is only missed while it is still to say how its installation went.
        const missed = is === 'missing' || (is === 'never' && entry.outcome === 'taken');
        if (missed) await journal.move(entry, { outcome: 'missing', at: new Date(now) });
      }
      if (page.length < AT_ONCE) return;
      after = page.at(-1);
    }
  }

  /** A few minutes old at most; undefined where nothing is judged by it. */
  async #faultsOf({ _id, org, kind, release, faultFactor }: Rollout): Promise<FaultRates | undefined> {
    if (faultFactor === 0) return undefined;
    const known = this.#faults.get(_id);
    const now = this.#init.clock.now();
    if (known !== undefined && known.at + FAULTS_EVERY_MS > now) return known.rates;
    const rates = { now: { terminals: 0, faults: 0 }, before: { terminals: 0, faults: 0 } };
    for (const cohort of (await this.#init.cohorts.of(scopeOf(org))).cohorts) {
      // Who does not say what it runs on may be one of them.
      const isMeant = cohort.platform === null || cohort.platform === PLATFORM_OF[kind];
      if ((cohort.kind === 'box') !== (kind === 'box') || !isMeant) continue;
      const sum = cohort.version === release ? rates.now : rates.before;
      sum.terminals += cohort.terminals;
      for (const { count } of cohort.faults) sum.faults += count;
    }
    this.#faults.set(_id, { at: now, rates });
    return rates;
  }
}

function judged(rollout: Rollout): Parameters<typeof decide>[0] {
  return { ...rollout, stageSince: rollout.stageSince?.getTime() ?? 0 };
}
