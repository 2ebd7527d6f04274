import { expect, it } from 'vitest';
import { fieldsOf } from './form-text.ts';

it('has each field of a form once, of few', () => {
  expect([...(fieldsOf('a=1&b=%E7%94%B5&c', new URLSearchParams('d=4')) ?? [])]).toEqual([
    ['a', '1'],
    ['b', '电'],
    ['c', ''],
    ['d', '4'],
  ]);
  expect([...(fieldsOf('') ?? ['none'])]).toEqual([]);
  expect(fieldsOf('a=1&a=1')).toBeUndefined();
  expect(fieldsOf('a=1', 'a=1')).toBeUndefined();
  const many = (count: number): string => Array.from({ length: count }, (_, n) => `f${n}=`).join('&');
  expect(fieldsOf(many(200))?.size).toBe(200);
  expect(fieldsOf(many(201))).toBeUndefined();
  expect(fieldsOf(many(150), many(150).replaceAll('f', 'g'))).toBeUndefined();
  expect(fieldsOf('&'.repeat(200_000))).toBeUndefined();
});
