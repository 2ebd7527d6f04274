import type { Clock } from '@bianmin/card/clock';
import type { Cohort } from '@bianmin/purchase/api/heartbeat';
import { pagesOf } from '../../kernel/pages.ts';
import { covers, type Scope } from '../../kernel/scope.ts';
import type { TerminalHealthStore } from '../store/terminal-health.ts';
import type { TerminalStore } from '../store/terminals.ts';
import { CohortSums } from './cohort-sums.ts';
import type { PresenceBoard } from './presence.ts';
import type { Heard } from './presence-view.ts';
import { presenceBounds, presenceOf, type BeatIntervals } from './presence-rule.ts';

/** How long a view is good: it reads every terminal of its scope. */
const FRESH_MS = 30_000;
const FAULTS_MS = 24 * 3_600_000;
/** Terminals whose "last heard" is asked for, and which are counted, in one go: an order waits no longer than that. */
const AT_ONCE = 500;

interface Counted {
  readonly at: number;
  readonly cohorts: readonly Cohort[];
}

/** The fleet by version, reader and prefecture: where a fault shows first. Of terminals that may speak alone: the others are not missed. */
export class Cohorts {
  readonly #board: PresenceBoard;
  readonly #store: TerminalHealthStore;
  readonly #terminals: Pick<TerminalStore, 'outOfService'>;
  readonly #clock: Clock;
  readonly #intervals: BeatIntervals;
  readonly #known = new Map<Scope, Promise<Counted>>();

  constructor(init: Heard & { readonly terminals: Pick<TerminalStore, 'outOfService'> }) {
    this.#board = init.board;
    this.#store = init.store;
    this.#terminals = init.terminals;
    this.#clock = init.clock;
    this.#intervals = init.intervals;
  }

  /** Those of a scope, half a minute old at most; many who look at once cause one count. */
  async of(scope: Scope): Promise<Counted> {
    const known = this.#known.get(scope);
    if (known !== undefined && (await known).at + FRESH_MS > this.#clock.now()) return known;
    const counting = this.#count(scope);
    this.#known.set(scope, counting);
    counting.catch(() => {
      this.#known.delete(scope);
    });
    return counting;
  }

  async #count(scope: Scope): Promise<Counted> {
    const at = this.#clock.now();
    const sums = new CohortSums();
    const outOfService = await this.#terminals.outOfService(scope);
    const hearing = await this.#board.hearing.now();
    const bounds = {
      kiosk: presenceBounds(at, this.#intervals.kiosk, hearing),
      box: presenceBounds(at, this.#intervals.box, hearing),
    };
    for await (const page of pagesOf(this.#store.within(scope), AT_ONCE)) {
      const inService = page.filter(({ _id }) => !outOfService.has(_id));
      const seen = await this.#board.seenAt(inService.map(({ _id }) => _id));
      for (const health of inService) {
        const seenAt = Math.max(seen.get(health._id) ?? 0, health.seenAt.getTime());
        sums.add(health, presenceOf(seenAt, bounds[health.kind]));
      }
    }
    for (const fault of await this.#board.faults(at - FAULTS_MS)) {
      if (covers(scope, fault.orgPath)) sums.fault(fault);
    }
    return { at, cohorts: sums.all() };
  }
}
