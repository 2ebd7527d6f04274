/** What decides whether an update that is downloaded may be installed now. */
export interface UpdateMoment {
  /** A card is in, an order is open, or a card is being written. */
  readonly busy: boolean;
  /** How long the terminal has been idle, ms. */
  readonly idleMs: number;
  /** A claim that the server has not acknowledged: it would survive, but not be delivered meanwhile. */
  readonly undelivered: number;
  /** Of the clock on the wall, 0 to 23. */
  readonly hour: number;
}

/** Idle for so long, ms. */
export const UPDATE_IDLE_MS = 10 * 60_000;
/** People use a kiosk from 8 to 20; outside that it may restart as soon as it is quiet. */
const OPEN_FROM_HOUR = 8;
const OPEN_UNTIL_HOUR = 20;
/** Within opening hours it must be quieter. */
export const UPDATE_IDLE_OPEN_MS = 60 * 60_000;

/** Never inside a purchase, never before every claim is delivered, and when the terminal is idle. */
export function mayInstallUpdate(moment: UpdateMoment): boolean {
  if (moment.busy || moment.undelivered > 0) return false;
  const isOpen = moment.hour >= OPEN_FROM_HOUR && moment.hour < OPEN_UNTIL_HOUR;
  return moment.idleMs >= (isOpen ? UPDATE_IDLE_OPEN_MS : UPDATE_IDLE_MS);
}
