import { expect, it } from 'vitest';
import { pagesOf } from './pages.ts';

async function* upTo(count: number): AsyncGenerator<number> {
  for (let n = 1; n <= count; n += 1) yield await Promise.resolve(n);
}

it.each([
  [0, []],
  [2, [[1, 2]]],
  [3, [[1, 2, 3]]],
  [4, [[1, 2, 3], [4]]],
])('gives %i by threes', async (count, pages) => {
  const given = [];
  for await (const page of pagesOf(upTo(count), 3)) given.push(page);
  expect(given).toEqual(pages);
});
