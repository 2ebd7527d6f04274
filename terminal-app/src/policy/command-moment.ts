/** What decides whether what somebody far away asked for may be done now. */
export interface CommandMoment {
  /** A card is in, an order is open, a card is being written or driven from afar, or staff are at it. */
  readonly busy: boolean;
  /** How long nobody has been there, ms. */
  readonly idleMs: number;
}

/**
 * `now`: nobody sees it. `between`: not inside anybody's purchase. `quiet`: the screen goes away, so nobody may be there.
 */
export type CommandWhen = 'now' | 'between' | 'quiet';

/**
 * As with updates, but somebody asked for it and waits: so it is a minute, at any hour. What the server has not acknowledged
 * is in the journal and no reason to wait, since starting again may be what helps.
 */
export function mayDo(when: CommandWhen, moment: CommandMoment, quietMs: number): boolean {
  if (when === 'now') return true;
  if (moment.busy) return false;
  return when === 'between' || moment.idleMs >= quietMs;
}

/** Whether the screen shows nothing of anybody: it waits for a card, and neither staff nor somebody far away are at it. */
export function showsNobody(shown: { screen: string; staffIn: boolean; remote: boolean }): boolean {
  return shown.screen === 'wait' && !shown.staffIn && !shown.remote;
}
