import { expect, it } from 'vitest';
import { nameIn } from './download.ts';

it('a file has the name that the server gave it, also in Chinese', () => {
  expect(nameIn('attachment; filename="grid-2026-11-26.xlsx"')).toBe('grid-2026-11-26.xlsx');
  expect(nameIn(`attachment; filename="?.xlsx"; filename*=UTF-8''%E8%B4%A6%E5%8D%95.xlsx`)).toBe('账单.xlsx');
  expect(nameIn('inline')).toBeUndefined();
});
