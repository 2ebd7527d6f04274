import { describe, expect, it } from 'vitest';
import { PURCHASE_WORDS } from '@bianmin/purchase/i18n/purchase-words';
import { PURCHASE_PROBLEMS } from '@bianmin/purchase/purchase/view/problem-screens';
import { wordFaults } from '@bianmin/purchase/testing/word-faults';
import { TV_WORDS } from './words.ts';
import { zhCN } from './zh-CN.ts';

describe('the TV’s words', () => {
  it('have every key in every language, the same places, and no letters of another', () => {
    expect(wordFaults(TV_WORDS)).toEqual([]);
  });

  it('of its own hide none of the shared ones', () => {
    expect(Object.keys(zhCN).filter((key) => Object.hasOwn(PURCHASE_WORDS['zh-CN'], key))).toEqual([]);
  });

  it('have a title and a thing to do for every problem', () => {
    for (const code of PURCHASE_PROBLEMS) {
      expect(TV_WORDS['zh-CN']).toHaveProperty([`problem.${code}.title`]);
      expect(TV_WORDS['zh-CN']).toHaveProperty([`problem.${code}.todo`]);
    }
  });
});
