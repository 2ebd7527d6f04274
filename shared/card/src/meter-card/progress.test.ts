import { expect, it } from 'vitest';
import { Progress, type WritePhase } from './progress.ts';

function told(total: number, run: (progress: Progress) => void): [WritePhase, number][] {
  const seen: [WritePhase, number][] = [];
  run(new Progress(total, (phase, fraction) => seen.push([phase, fraction])));
  return seen;
}

it('grows with each byte that is done', () => {
  const seen = told(8, (progress) => {
    progress.enter('code');
    progress.enter('write');
    progress.advance('write', 2);
    progress.advance('write', 2);
    progress.advance('read-back', 4);
  });
  expect(seen).toEqual([
    ['code', 0],
    ['write', 0],
    ['write', 0.25],
    ['write', 0.5],
    ['read-back', 1],
  ]);
});

it('never passes the whole', () => {
  expect(told(4, (progress) => progress.advance('write', 9))).toEqual([['write', 1]]);
});

it('skips what need not be done, and never goes back', () => {
  const seen = told(8, (progress) => {
    progress.advanceTo('read-back', 6);
    progress.advanceTo('read-back', 7);
    progress.advance('read-back', 1);
  });
  expect(seen.map(([, fraction]) => fraction)).toEqual([0.25, 0.25, 0.375]);
});

it('of nothing is whole', () => {
  expect(told(0, (progress) => progress.enter('read-back'))).toEqual([['read-back', 1]]);
});
