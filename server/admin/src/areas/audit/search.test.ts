import { expect, it } from 'vitest';
import { formOfQuery, searchOf } from './search.ts';

it('a search of the trail is by days of Beijing, the last one whole, and has no empty conditions', () => {
  const form = {
    who: ' admin ',
    kind: '',
    action: '',
    target: '',
    days: ['2026-11-01', '2026-11-02'],
  } as const;
  expect(searchOf({ ...form, days: [...form.days] })).toEqual({
    who: 'admin',
    from: '2026-10-31T16:00:00.000Z',
    to: '2026-11-02T16:00:00.000Z',
  });
  expect(searchOf(formOfQuery({ target: 'org-1', other: 'x' }))).toEqual({ target: 'org-1' });
});
