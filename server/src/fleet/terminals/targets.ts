import type { TerminalHealthStore } from '../store/terminal-health.ts';
import type { TerminalStore } from '../store/terminals.ts';
import type { Target } from '../store/command-batches.ts';
import type { PresenceViews } from './presence-view.ts';

/** Terminals that are looked at in one piece. */
export const TARGETS_AT_ONCE = 500;

export interface TargetsInit {
  readonly terminals: Pick<TerminalStore, 'kiosksIn'>;
  readonly health: Pick<TerminalHealthStore, 'of'>;
  readonly presence: PresenceViews;
}

/** A piece of the fleet, by id: which of it are meant. */
export interface TargetPiece {
  readonly ids: readonly string[];
  /** The last that was looked at; the next piece begins after it. */
  readonly cursor: string;
  /** There are no more. */
  readonly last: boolean;
}

/** Which terminals a target means. */
export class Targets {
  readonly #init: TargetsInit;

  constructor(init: TargetsInit) {
    this.#init = init;
  }

  async piece(target: Target, after: string): Promise<TargetPiece> {
    const { terminals, health, presence } = this.#init;
    const found = await terminals.kiosksIn(target.org, after, TARGETS_AT_ONCE);
    const ids = found.map(({ _id }) => _id);
    const [said, seen] = await Promise.all([
      target.version === undefined ? undefined : health.of(ids),
      target.presence === undefined ? undefined : presence(ids),
    ]);
    // Who has not said anything yet has the version that it enrolled with.
    const versionOf = ({ _id, version }: { _id: string; version: string }) =>
      said?.get(_id)?.version ?? version;
    const meant = found.filter(
      (terminal) =>
        (target.version === undefined || versionOf(terminal) === target.version) &&
        (seen === undefined || seen.get(terminal._id)?.presence === target.presence),
    );
    return {
      ids: meant.map(({ _id }) => _id),
      cursor: ids.at(-1) ?? after,
      last: found.length < TARGETS_AT_ONCE,
    };
  }

  async count(target: Target): Promise<number> {
    let [count, after] = [0, ''];
    for (;;) {
      const { ids, cursor, last } = await this.piece(target, after);
      count += ids.length;
      after = cursor;
      if (last) return count;
    }
  }
}
