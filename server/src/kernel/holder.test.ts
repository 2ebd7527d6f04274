import { expect, it } from 'vitest';
import { holderOf, isAnotherHolder } from './holder.ts';

it('knows a holder again within one account alone, and names none', () => {
  const of = (customerNo: string, holder?: string) =>
    holderOf({ customerNo, ...(holder && { holder }) }).holder;
  expect(of('1', 'A')).toMatch(/^[0-9a-f]{32}$/);
  expect(of('1', 'A')).toBe(of('1', 'A'));
  expect(new Set([of('1', 'A'), of('1', 'B'), of('2', 'A')]).size).toBe(3);
  expect(holderOf({ customerNo: '1' })).toEqual({});
  expect(holderOf({ customerNo: '1', holder: undefined })).toEqual({});
});

it('calls two holders different only where both are told', () => {
  expect(isAnotherHolder({ holder: 'a' }, { holder: 'b' })).toBe(true);
  expect(isAnotherHolder({ holder: 'a' }, { holder: 'a' })).toBe(false);
  expect(isAnotherHolder({}, { holder: 'a' })).toBe(false);
  expect(isAnotherHolder({ holder: 'a' }, {})).toBe(false);
});
