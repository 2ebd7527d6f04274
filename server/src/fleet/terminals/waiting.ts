/**
 * How many keys may wait to be accepted. Above it the one that has waited longest is forgotten rather than the newest refused,
 * so that strangers who enrol keep no terminal out: one that was forgotten asks again, and waits again under the same number.
 */
export const WAITING_MOST = 1000;
/** Who was not accepted by then is forgotten, ms. */
export const WAITING_MS = 7 * 24 * 3_600_000;
/** Keys that were not known, from one address in an hour: a community's boxes, on the day they are set up. */
export const NEW_KEYS_PER_HOUR = 300;
