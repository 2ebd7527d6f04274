const BEIJING_MS = 8 * 3_600_000;

/** ms since the epoch as YYYYMMDDhhmmss in Beijing: the grid keeps one time for the whole country. */
export function beijingTime(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().replace(/\D/g, '').slice(0, 14);
}

/** The other way; NaN for a day or an hour that there is not. */
export function fromBeijingTime(digits: string): number {
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z');
  const ms = Date.parse(iso) - BEIJING_MS;
  // The runtime takes 30 February for 2 March.
  return beijingTimeOrNone(ms) === digits ? ms : NaN;
}

function beijingTimeOrNone(ms: number): string | undefined {
  return Number.isFinite(ms) ? beijingTime(ms) : undefined;
}

/** YYYYMMDDhhmmss in Beijing as ISO 8601 with its offset. */
export function isoOf(digits: string): string {
  return digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6+08:00');
}

export function digitsOfIso(iso: string): string {
  return beijingTime(Date.parse(iso));
}
