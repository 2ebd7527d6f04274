import { describe, expect, it } from 'vitest';
import { languageFor, LANGUAGES, say, TABLES } from './language.ts';
import { zhCN, type WordKey } from './zh-cn.ts';

const keys = Object.keys(zhCN) as WordKey[];
const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

describe.each(LANGUAGES)('the words in %s', (language) => {
  it('have every key and no other', () => {
    expect(Object.keys(TABLES[language])).toEqual(keys);
  });

  it('say something at every key, with the places of the original', () => {
    for (const key of keys) {
      expect(TABLES[language][key].trim(), key).not.toBe('');
      expect(placesOf(TABLES[language][key]), key).toEqual(placesOf(zhCN[key]));
    }
  });
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
