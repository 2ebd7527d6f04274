import { expect, it } from 'vitest';
import { byUrgency, hoursLeft } from './urgency.ts';

it('complaints stand by the promise that ends first; those without one after them, the newest first', () => {
  const of = (id: string, raisedAt: string, deadline: string | null) => ({ id, raisedAt, deadline });
  const found = byUrgency([
    of('old', '2026-11-01T00:00:00Z', null),
    of('late', '2026-11-02T00:00:00Z', '2026-11-05T00:00:00Z'),
    of('new', '2026-11-03T00:00:00Z', null),
    of('soon', '2026-11-03T00:00:00Z', '2026-11-04T00:00:00Z'),
  ]);
  expect(found.map(({ id }) => id)).toEqual(['soon', 'late', 'new', 'old']);
});

it('hours are left, or over', () => {
  const now = Date.parse('2026-11-04T00:00:00Z');
  expect(hoursLeft('2026-11-04T05:30:00Z', now)).toBe(5);
  expect(hoursLeft('2026-11-03T23:59:00Z', now)).toBe(-1);
});
