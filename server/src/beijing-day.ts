/** China keeps one time all year, eight hours ahead of UTC. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** The day in Beijing, YYYY-MM-DD: what a day cut (日切) goes by. */
export function beijingDay(at: Date): string {
  return new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 10);
}
