import { describe, expect, it } from 'vitest';
import { direction, LANGUAGES } from '../api/language.ts';
import { PURCHASE_WORDS } from './purchase-words.ts';
import { translate } from './translate.ts';
import { yuan } from './yuan.ts';
import { PURCHASE_PROBLEMS } from '../purchase/view/problem-screens.ts';
import { wordFaults } from '../testing/word-faults.ts';

describe('the words', () => {
  it('have every key in every language, the same places, and no letters of another', () => {
    expect(wordFaults(PURCHASE_WORDS)).toEqual([]);
  });

  it('have a title for every problem', () => {
    for (const code of PURCHASE_PROBLEMS)
      expect(PURCHASE_WORDS['zh-CN']).toHaveProperty([`problem.${code}.title`]);
  });

  it('fill places and leave one without a value visible', () => {
    expect(translate(PURCHASE_WORDS, 'en', 'amount.limits', { min: 10, max: 500 })).toBe(
      '10 to 500 yuan each time',
    );
    expect(translate(PURCHASE_WORDS, 'zh-CN', 'amount.limits', { min: 10 })).toBe('每次 10 元到 {max} 元');
  });

  it('are written from right to left in Uyghur and in nothing else', () => {
    expect(LANGUAGES.filter((language) => direction(language) === 'rtl')).toEqual(['ug']);
  });

  it('isolate a value in Uyghur so that a date is not mirrored', () => {
    const date = { date: '2026-11-20' };
    expect(translate(PURCHASE_WORDS, 'ug', 'who.balanceAt', date)).toContain('\u20682026-11-20\u2069');
    expect(translate(PURCHASE_WORDS, 'en', 'who.balanceAt', date)).not.toMatch(/[\u2068\u2069]/);
  });
});

it('fen are written as yuan', () => {
  expect([5000, 2340, -305, 7, 0].map((fen) => yuan(fen))).toEqual([
    '50.00',
    '23.40',
    '-3.05',
    '0.07',
    '0.00',
  ]);
  expect([5000, 4750].map((fen) => yuan(fen, 'short'))).toEqual(['50', '47.50']);
});
