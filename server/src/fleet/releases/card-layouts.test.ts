import { expect, it } from 'vitest';
import { BOTH_MAKERS } from '@bianmin/shared/testing/second-maker';
import { cardLayoutRoutes, type ServedLayouts } from './card-layouts.ts';

async function answer(of: ServedLayouts, have: number): Promise<unknown> {
  const [route] = cardLayoutRoutes(of);
  return route?.handler({ query: { have } } as never) as unknown;
}

it('signed card layouts are given to a terminal that keeps an earlier version alone', async () => {
  const document = 'signed';
  const served = { layouts: BOTH_MAKERS, document };
  expect(await answer(served, 1)).toEqual({ document });
  expect(await answer(served, 2)).toBeUndefined();
  expect(await answer(served, 3)).toBeUndefined();
  expect(await answer({ layouts: BOTH_MAKERS }, 0)).toBeUndefined();
});
