import { describe, expect, it } from 'vitest';
import { PROBLEM_CODES } from '../api/problem.ts';
import { PROBLEM_OF_CODE } from './problem-table.ts';
import { PURCHASE_PROBLEMS } from './view/problem-screens.ts';

const words = new Set<string>(PURCHASE_PROBLEMS);

describe('what a code means to a person at the screen', () => {
  it.each(PROBLEM_CODES)('is told for each of the server: %s', (code) => {
    expect(words).toContain(PROBLEM_OF_CODE[code]);
  });

  it('is one of the problems that have words', () => {
    for (const problem of Object.values(PROBLEM_OF_CODE)) expect(words).toContain(problem);
    expect(PURCHASE_PROBLEMS).not.toContain('');
    expect(words.size).toBe(PURCHASE_PROBLEMS.length);
  });

  it.each([
    ['reader.none', 'no-reader'],
    ['reader.mute', 'card-mute'],
    ['reader.unsupported', 'card-unknown'],
    ['chip.unknown', 'card-unknown'],
    ['chip.unreadable', 'card-damaged'],
    ['chip.too-few-tries', 'card-protected-tries'],
    ['chip.locked', 'card-locked'],
    ['meter-card.other-card', 'card-changed'],
    ['meter-card.code-tries', 'card-protected-tries'],
    ['meter-card.read-back-differs', 'write-failed'],
    ['meter-card.unreadable', 'card-damaged'],
  ])('is told for what readers, chips and cards say: %s', (code, problem) => {
    expect(PROBLEM_OF_CODE[code]).toBe(problem);
  });
});
