const CHINA_OFFSET_MS = 8 * 60 * 60 * 1000;

/** `yyyy-MM-ddTHH:mm:ss+08:00`, as the channel writes times. */
export function chinaTime(ms: number): string {
  return `${new Date(ms + CHINA_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

/** `yyyy-MM-dd` in China: the day that a bill is of. */
export function chinaDay(ms: number): string {
  return chinaTime(ms).slice(0, 10);
}
