import { expect, it } from 'vitest';
import { stateOf } from './state.ts';

const rule = {
  status: 'active',
  from: '2026-11-01T00:00:00+08:00',
  to: '2026-12-01T00:00:00+08:00',
  leftFen: 1,
} as const;
const during = Date.parse('2026-11-10T00:00:00+08:00');

it.each([
  ['running', rule, during],
  ['to-come', rule, Date.parse(rule.from) - 1],
  ['over', rule, Date.parse(rule.to)],
  ['over', { ...rule, status: 'paused' as const }, Date.parse(rule.to)],
  ['paused', { ...rule, status: 'paused' as const }, during],
  ['used-up', { ...rule, leftFen: 0 }, during],
  ['proposed', { ...rule, status: 'proposed' as const, leftFen: 0 }, during],
])('a discount is %s', (state, of, now) => {
  expect(stateOf(of, now)).toBe(state);
});
