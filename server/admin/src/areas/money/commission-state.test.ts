import { expect, it } from 'vitest';
import { basisPointsOf, ruleStateOf } from './commission-state.ts';

it.each([
  ['to-come', '2026-03-02', null],
  ['running', '2026-03-01', null],
  ['running', '2026-02-01', '2026-03-01'],
  ['over', '2026-02-01', '2026-02-28'],
  ['over', '2026-04-01', '2026-03-15'],
])('a rule is %s that holds from %s until %s', (state, from, until) => {
  expect(ruleStateOf({ from, until }, '2026-03-01')).toBe(state);
});

it('a part of the face value is typed in percent', () => {
  expect(['1', '1.25', '0.5', ' 100 ', '100.01', '1.255', 'one', ''].map(basisPointsOf)).toEqual([
    ...[100, 125, 50, 10_000],
    ...[undefined, undefined, undefined, undefined],
  ]);
});
