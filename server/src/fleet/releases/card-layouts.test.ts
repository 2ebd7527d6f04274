import { expect, it } from 'vitest';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { cardLayoutRoutes, type ServedLayouts } from './card-layouts.ts';

async function answer(of: ServedLayouts, have: number, root?: number): Promise<unknown> {
  const [route] = cardLayoutRoutes(of);
  return route?.handler({ query: { have, root } } as never) as unknown;
}

const document = 'signed';
const served = { layouts: BOTH_MAKERS, document };

it('signed card layouts are given to a terminal that keeps an earlier version alone', async () => {
  expect(await answer(served, 1, 1)).toEqual({ document });
  expect(await answer(served, 2, 1)).toBeUndefined();
  expect(await answer(served, 3, 1)).toBeUndefined();
  expect(await answer({ layouts: BOTH_MAKERS }, 0, 1)).toBeUndefined();
});

it('signed card layouts are not given to a terminal of before roots, which could not open them', async () => {
  expect(await answer(served, 1)).toBeUndefined();
});
