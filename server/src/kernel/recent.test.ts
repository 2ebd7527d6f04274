import { expect, it } from 'vitest';
import { Recent } from './recent.ts';

it('keeps the newest of each name, and no more names than it may', () => {
  const recent = new Recent<number>(2);
  recent.keep('a', 1);
  recent.keep('b', 2);
  recent.keep('a', 3);
  recent.keep('c', 4);
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([3, undefined, 4]);
  recent.drop('a');
  expect(recent.get('a')).toBeUndefined();
});
