import { expect, it } from 'vitest';
import { isLetter } from './first-keys.ts';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };

it.each(['0', 'a', '/', ' ', '张', '𠀀'])('%s would write something', (key) => {
  expect(isLetter({ ...NONE, key })).toBe(true);
});

it.each([
  { key: 'Escape' },
  { key: 'Enter' },
  { key: 'Tab' },
  { key: 'Process' },
  { key: 'k', ctrlKey: true },
  { key: 'k', metaKey: true },
  { key: 'f', altKey: true },
  { key: 'n', isComposing: true },
])('%j would not', (event) => {
  expect(isLetter({ ...NONE, ...event })).toBe(false);
});
