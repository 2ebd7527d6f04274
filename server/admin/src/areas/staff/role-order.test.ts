import { expect, it } from 'vitest';
import { inOrder } from './role-order.ts';

it('ready-made roles come first, as they are listed, and the administrator last', () => {
  const names = ['administrator', 'ready:audit', '收费员', 'ready:community', 'clerk'];
  expect(inOrder(names.map((name) => ({ name }))).map(({ name }) => name)).toEqual([
    ...['ready:community', 'ready:audit', '收费员', 'clerk', 'administrator'],
  ]);
});
