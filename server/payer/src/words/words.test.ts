import { expect, it } from 'vitest';
import { wordFaults } from '@bianmin/purchase/testing/word-faults';
import { languageFor } from './language.ts';
import { PAYER_WORDS, say } from './words.ts';

it('the words have every key in every language, the same places, and no letters of another', () => {
  expect(wordFaults(PAYER_WORDS)).toEqual([]);
});

it('keep numbers in their own order inside Uyghur', () => {
  expect(say('ug', 'home.yuan', { yuan: '-3.05' })).toContain('\u2068-3.05\u2069');
  expect(say('en', 'home.yuan', { yuan: '-3.05' })).toBe('-3.05 yuan');
});

it('begin in the phone’s own language', () => {
  expect(languageFor(['fr-FR', 'ug-CN', 'zh-CN'])).toBe('ug');
  expect(languageFor(['en-GB'])).toBe('en');
  expect(languageFor([])).toBe('zh-CN');
});
