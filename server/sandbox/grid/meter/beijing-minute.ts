/** YYMMDDhhmm in Beijing time, which all meters keep. */
export function beijingMinute(now: number): string {
  return new Date(now + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(2, 12);
}
