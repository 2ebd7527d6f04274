/** What decides whether a command from afar may be done now. */
export interface CommandMoment {
  /** A card is in, an order is open, a card is being written or driven from afar, or staff are at it. */
  readonly busy: boolean;
  /** How long the terminal has been idle, ms. */
  readonly idleMs: number;
}

/**
 * `now`: it is not seen. `between`: not inside a purchase. `quiet`: the screen goes away, once it is idle.
 */
export type CommandWhen = 'now' | 'between' | 'quiet';

/**
 * As with updates, but a user waits for it: so it is a minute, at any hour. What the server has not acknowledged
 * is in the journal and no reason to wait, since starting again may be what helps.
 */
export function mayDo(when: CommandWhen, moment: CommandMoment, quietMs: number): boolean {
  if (when === 'now') return true;
  if (moment.busy) return false;
  return when === 'between' || moment.idleMs >= quietMs;
}

/** Whether the screen shows nothing of anybody: it waits for a card, and neither staff nor a remote user is at it. */
export function showsNobody(shown: { screen: string; staffIn: boolean; remote: boolean }): boolean {
  return shown.screen === 'wait' && !shown.staffIn && !shown.remote;
}
