import { expect, it } from 'vitest';
import { temporaryPassword } from './temporary-password.ts';

it('a temporary password can be read out and is another each time', () => {
  const made = Array.from({ length: 50 }, temporaryPassword);
  for (const each of made) expect(each).toMatch(/^(?:[a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}$/);
  expect(new Set(made).size).toBe(50);
});
