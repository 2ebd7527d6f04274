import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { LANGUAGES, direction, translate, yuan } from './translate.ts';
import { ug } from './ug.ts';
import { zhCN } from './zh-CN.ts';
import { PURCHASE_PROBLEMS } from '../purchase/view.ts';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe('the words', () => {
  it.each([
    ['en', en],
    ['ug', ug],
  ] as const)('%s has every key, the same places, and no Chinese left in it', (_, messages) => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(zhCN).sort());
    for (const key of Object.keys(zhCN) as (keyof typeof zhCN)[]) {
      expect(places(messages[key]), key).toEqual(places(zhCN[key]));
      expect(messages[key], key).not.toMatch(/\p{Script=Han}/u);
      expect(messages[key].trim(), key).not.toBe('');
    }
  });

  it('has a title and a thing to do for every problem', () => {
    for (const code of PURCHASE_PROBLEMS) {
      expect(zhCN).toHaveProperty([`problem.${code}.title`]);
      expect(zhCN).toHaveProperty([`problem.${code}.todo`]);
    }
  });

  it('fills places and leaves one without a value visible', () => {
    expect(translate('en', 'amount.limits', { min: 10, max: 500 })).toBe('10 to 500 yuan each time');
    expect(translate('zh-CN', 'amount.limits', { min: 10 })).toBe('每次 10 元到 {max} 元');
  });

  it('writes Uyghur from right to left and nothing else', () => {
    expect(LANGUAGES.filter((language) => direction(language) === 'rtl')).toEqual(['ug']);
  });

  it('isolates a value in Uyghur so that a date is not mirrored', () => {
    expect(translate('ug', 'who.balanceAt', { date: '2026-11-20' })).toContain('\u20682026-11-20\u2069');
    expect(translate('en', 'who.balanceAt', { date: '2026-11-20' })).not.toMatch(/[\u2068\u2069]/);
  });

  it('writes fen as yuan', () => {
    expect([5000, 2340, -305, 7, 0].map((fen) => yuan(fen))).toEqual([
      '50.00',
      '23.40',
      '-3.05',
      '0.07',
      '0.00',
    ]);
    expect([5000, 4750].map((fen) => yuan(fen, 'short'))).toEqual(['50', '47.50']);
  });
});
