import { expect, it } from 'vitest';
import { minutesOf, minutesUntil, shortName, wholeYuan } from './figures.ts';

it('figures of the wall are short', () => {
  expect(minutesOf(null)).toBeUndefined();
  expect(minutesOf({ seconds: 252, open: false })).toEqual({ key: 'time', minutes: 4, seconds: 12 });
  expect(minutesOf({ seconds: 8, open: false })?.key).toBe('seconds');
  expect(minutesOf({ seconds: 3600, open: true })?.key).toBe('timeOver');
  expect(wholeYuan(123_456_789, 'en')).toBe('1,234,567');
  expect(['克孜勒苏柯尔克孜自治州', '昌吉回族自治州', '和田地区', '哈密市', 'Ili'].map(shortName)).toEqual([
    ...['克孜勒苏', '昌吉', '和田', '哈密', 'Ili'],
  ]);
  expect(minutesUntil('1970-01-01T01:00:00Z', 0)).toBe(60);
  expect(minutesUntil('1970-01-01T01:00:00Z', 7_200_000)).toBe(0);
});
