import { expect, it } from 'vitest';
import { decideCode } from './code-rule.ts';

it.each([
  { left: 3, full: 3, interrupted: false, lastTry: false, decision: 'present' },
  { left: 3, full: 3, interrupted: true, lastTry: false, decision: 'present' },
  { left: 2, full: 3, interrupted: false, lastTry: false, decision: 'too-few' },
  { left: 2, full: 3, interrupted: true, lastTry: false, decision: 'present' },
  { left: 1, full: 3, interrupted: true, lastTry: false, decision: 'too-few' },
  { left: 1, full: 3, interrupted: false, lastTry: true, decision: 'present' },
  { left: 2, full: 3, interrupted: false, lastTry: true, decision: 'present' },
  { left: 7, full: 8, interrupted: false, lastTry: false, decision: 'too-few' },
  { left: 8, full: 8, interrupted: false, lastTry: false, decision: 'present' },
  { left: 0, full: 3, interrupted: false, lastTry: false, decision: 'locked' },
  { left: 0, full: 3, interrupted: true, lastTry: true, decision: 'locked' },
])('%o', ({ left, full, interrupted, lastTry, decision }) => {
  expect(decideCode({ left, full }, interrupted, lastTry)).toBe(decision);
});

it('keeps the last try unless it is said otherwise', () => {
  expect(decideCode({ left: 1, full: 3 }, false)).toBe('too-few');
});
