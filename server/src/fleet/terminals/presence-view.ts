import type { Clock } from '@bianmin/card/clock';
import type { Presence } from '@bianmin/purchase/api/heartbeat';
import type { TerminalHealthStore } from '../store/terminal-health.ts';
import type { PresenceBoard } from './presence.ts';
import { presenceBounds, presenceOf, silenceOf, type BeatIntervals } from './presence-rule.ts';

/** Where it is known who was heard. */
export interface Heard {
  readonly board: PresenceBoard;
  readonly store: TerminalHealthStore;
  readonly clock: Clock;
  readonly intervals: BeatIntervals;
}

export interface PresenceView {
  readonly presence: Presence;
  /** When it was last heard; null: never. */
  readonly seenAt: Date | null;
  /** How much of the time since then we could hear, ms. */
  readonly silentMs: number;
  /** It last said that it sells nothing, by command. */
  readonly blocked: boolean;
}

/** Of each of these terminals, whether it is there. */
export type PresenceViews = (ids: readonly string[]) => Promise<ReadonlyMap<string, PresenceView>>;

/** From Redis to the second; where that was lost, from MongoDB to some minutes. */
export function presenceViews({ board, store, clock, intervals }: Heard): PresenceViews {
  return async (ids) => {
    const [seen, kept, hearing] = await Promise.all([board.seenAt(ids), store.of(ids), board.hearing.now()]);
    const now = clock.now();
    return new Map(
      ids.map((id) => {
        const said = kept.get(id);
        const at = Math.max(seen.get(id) ?? 0, said?.seenAt.getTime() ?? 0) || null;
        // Of whom nothing was kept yet was heard in the last seconds.
        const kind = said?.kind ?? 'kiosk';
        const seenAt = at === null ? null : new Date(at);
        const blocked = said?.blocked === true;
        const presence = presenceOf(at, presenceBounds(now, intervals[kind], hearing));
        return [id, { presence, seenAt, silentMs: silenceOf(at, now, hearing), blocked }];
      }),
    );
  };
}
