import { describe, expect, it } from 'vitest';
import { subjectProblem } from './commit-subject.ts';

describe('the subject of a commit', () => {
  it.each([
    'fix(payments): close by the channel’s closing, not by its answer',
    'feat: pass the clock on',
    'Draw the floors',
    'refactor(build)!: process each order once',
    'Revert "feat: the old way"',
  ])('may be: %s', (subject) => {
    expect(subjectProblem(subject)).toBeUndefined();
  });

  it.each([
    ['fix: the channel is asked', /verb/],
    ['fix: closed by the channel', /verb/],
    ['feat(stb): showing the time', /verb/],
    ['docs: says what is kept', /verb/],
    ['fix: 3 tries', /verb/],
    [`fix: ${'close '.repeat(12)}it`, /79 characters/],
  ])('may not be: %s', (subject, problem) => {
    expect(subjectProblem(subject)).toMatch(problem);
  });
});
