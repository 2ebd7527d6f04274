import { describe, expect, test } from 'vitest';
import { CASE_FACTS } from '../../../../src/orders/model/case-sink.ts';
import { flat } from '../../words/area-words.ts';
import { common } from '../../words/common.ts';
import { words as orders } from '../orders/words.ts';
import { words as refunds } from '../refunds/words.ts';
import { valueKey } from './fact-words.ts';
import { words as cases } from './words.ts';

const wordsOf = (language: 'zh-CN' | 'en'): Record<string, string> =>
  Object.assign(
    flat(common[language], 'common'),
    flat(orders[language], 'orders'),
    flat(refunds[language], 'refunds'),
    flat(cases[language], 'cases'),
  );

describe.each(['zh-CN', 'en'] as const)('what a case tells, in %s', (language) => {
  test.each(CASE_FACTS)('%s is said in words', (name) => {
    expect(wordsOf(language)).toHaveProperty([`cases.fact.${name}`]);
  });

  test.each([
    ['state', 'write-failed'],
    ['wasState', 'grid-silent'],
    ['sale', 'unknown'],
    ['write', 'written'],
    ['claim', 'taken-off'],
    ['fact', 'confirm'],
    ['against', 'meters'],
    ['reason', 'double-payment'],
  ])('%s: %s is said in words', (name, value) => {
    expect(wordsOf(language)).toHaveProperty([valueKey(name, value) ?? '']);
  });
});

test('what is an amount, a number or a sentence of its own is shown as it is', () => {
  expect(valueKey('faceFen', 5000)).toBeUndefined();
  expect(valueKey('why', 'It cannot be read.')).toBeUndefined();
});
