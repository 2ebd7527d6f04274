import { expect, it } from 'vitest';
import { percentOf, permilleOf, summarize } from './counts.ts';

it('tells how a rollout fares: who runs it of those offered, who fared badly of those that took it', () => {
  const counts = { offered: 20, taken: 0, installed: 76, failed: 0, 'fell-back': 3, missing: 1 };
  expect(summarize(counts)).toEqual({
    parts: [
      { outcome: 'offered', count: 20, bad: false },
      { outcome: 'installed', count: 76, bad: false },
      { outcome: 'fell-back', count: 3, bad: true },
      { outcome: 'missing', count: 1, bad: true },
    ],
    ...{ bad: 4, badPermille: 50, percent: 76 },
  });
  expect(
    summarize({ offered: 0, taken: 0, installed: 0, failed: 0, 'fell-back': 0, missing: 0 }),
  ).toMatchObject({
    ...{ parts: [], bad: 0, badPermille: 0, percent: 0 },
  });
});

it.each([
  ['1, 5, 25, 100', [10, 50, 250, 1000]],
  ['0.1，100', [1, 1000]],
  ['5% 50%', [50, 500]],
  ['5, 5', undefined],
  ['0', undefined],
  ['', undefined],
  ['half', undefined],
  ['101', undefined],
])('reads the shares of %s', (text, shares) => {
  expect(permilleOf(text)).toEqual(shares);
});

it('shows a share with as much as it says', () => {
  expect([1, 50, 1000, 51.7].map(percentOf)).toEqual(['0.1 %', '5 %', '100 %', '5.2 %']);
});
