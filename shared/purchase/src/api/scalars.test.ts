import { expect, it } from 'vitest';
import { z } from 'zod';
import { words } from './scalars.ts';

it('counts what a person writes without the blanks around it', () => {
  expect(words(1, 3).parse(' a b ')).toBe('a b');
  expect(words(1, 3).safeParse(' \t ').error?.issues).toHaveLength(1);
  expect(words(3, 5).safeParse(' ab   ').success).toBe(false);
  expect(words(3, 5).parse('a\nb')).toBe('a\nb');
  expect(words(1, 3).safeParse('abcd').success).toBe(false);
});

it('says the same in its pattern', () => {
  const pattern = (min: number): RegExp =>
    new RegExp(String(z.toJSONSchema(words(min, 9), { io: 'input' }).pattern));
  expect(['a', ' a', ' '].map((text) => pattern(1).test(text))).toEqual([true, true, false]);
  expect(['abc', 'ab ', ' a  c '].map((text) => pattern(3).test(text))).toEqual([true, false, true]);
});
