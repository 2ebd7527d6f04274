import { expect, it } from 'vitest';
import { GridError } from '../../gateways/grid/error.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { gridProblem } from './grid-problem.ts';

it.each([
  ['card-unknown', 'card.unknown'],
  ['card-foreign', 'card.foreign'],
  ['card-replaced', 'card.replaced'],
  ['customer-closed', 'card.account-closed'],
  ['card-damaged', 'card.damaged'],
  ['previous-not-inserted', 'meter.previous-not-inserted'],
  ['amount', 'order.amount-out-of-range'],
  ['duplicate', 'grid.refused'],
] as const)('a refusal for %s is told as %s', (refusal, code) => {
  const problem = gridProblem(new GridError({ code: 'grid.refused', message: 'No.', refusal }));
  expect(problem).toBeInstanceOf(ProblemError);
  expect(problem).toMatchObject({ code });
});

it.each(['grid.unavailable', 'grid.unknown'] as const)('%s may be tried again', (code) => {
  const problem = gridProblem(new GridError({ code, message: 'No answer.' }));
  expect(problem).toMatchObject({ code: 'grid.unavailable' });
});

it('a fault of our own passes as it is', () => {
  const fault = new TypeError('ours');
  expect(gridProblem(fault)).toBe(fault);
});
