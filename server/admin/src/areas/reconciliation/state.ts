import type { ReconciledDayView } from '@bianmin/purchase/api/books';
import type { Tone } from '../../parts/tone.ts';

export const differencesOf = ({ counts }: Pick<ReconciledDayView, 'counts'>): number =>
  Object.values(counts).reduce((sum, each) => sum + each, 0);

export function toneOf(day: ReconciledDayView): Tone {
  switch (day.state) {
    case 'none':
      return 'quiet';
    case 'running':
      return 'moving';
    case 'waiting':
      return 'warning';
    case 'failed':
      return 'bad';
    case 'done':
      return day.stale || differencesOf(day) > 0 ? 'warning' : 'good';
  }
}

/** Empty places before the first of a month, in a week that begins on Monday. */
export function leadingDays(month: string): number {
  return (new Date(`${month}-01T00:00:00Z`).getUTCDay() + 6) % 7;
}
