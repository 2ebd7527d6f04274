import { expect, it } from 'vitest';
import { changeOf, shadeOf, textOf } from './measure.ts';

it('a change is in per cent of what was before, a rate’s in points, and nothing beside nothing', () => {
  expect(changeOf(150, 100, 'orders')).toEqual({ key: 'more', n: '50' });
  expect(changeOf(97, 100, 'orders')).toEqual({ key: 'less', n: '3' });
  expect(changeOf(100_001, 100_000, 'orders')).toEqual({ key: 'same' });
  expect(changeOf(5, 0, 'orders')).toEqual({ key: 'nothing' });
  expect(changeOf(98.4, 99.1, 'successPercent')).toEqual({ key: 'less', n: '0.7' });
  expect(changeOf(null, 99.1, 'successPercent')).toEqual({ key: 'nothing' });
});

it('a number is shown as what it is', () => {
  expect(textOf(1234.5, 'paidFen', 'en')).toBe('1,234.50');
  expect(textOf(1234, 'orders', 'en')).toBe('1,234');
  expect(textOf(98.25, 'successPercent', 'en')).toBe('98.25%');
  expect(textOf(null, 'successPercent', 'en')).toBe('—');
});

it('a shade is a quarter of the largest; one order is not none', () => {
  expect([0, 1, 25, 26, 75, 76, 100].map((each) => shadeOf(each, 100))).toEqual([0, 1, 1, 2, 3, 4, 4]);
  expect(shadeOf(0, 0)).toBe(0);
});
