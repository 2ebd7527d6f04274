import type { ComplaintView } from '@bianmin/purchase/api/complaint';

/** The complaint that must be answered first stands first; what has no promise left comes last, the newest first. */
export function byUrgency<C extends Pick<ComplaintView, 'deadline' | 'raisedAt'>>(
  complaints: readonly C[],
): C[] {
  return complaints.toSorted((a, b) => {
    if (a.deadline !== null && b.deadline !== null) return Date.parse(a.deadline) - Date.parse(b.deadline);
    if (a.deadline === null && b.deadline === null) return Date.parse(b.raisedAt) - Date.parse(a.raisedAt);
    return a.deadline === null ? 1 : -1;
  });
}

/** Hours that are left of the promise; below zero once it is broken. */
export const hoursLeft = (deadline: string, now: number): number =>
  Math.floor((Date.parse(deadline) - now) / 3_600_000);
