/**
 * How long those who call the server wait for its answer, ms. What the server allows itself is less
 * (`server/src/kernel/limits.ts`), so that it says itself what it could not do.
 */
export const CLIENT_LIMITS_MS = {
  /** Kiosk, box and whoever else is a terminal. */
  terminal: 20_000,
  /** The staff's console. */
  console: 30_000,
  /** A file for the staff's browser, to its end. */
  download: 120_000,
} as const;
