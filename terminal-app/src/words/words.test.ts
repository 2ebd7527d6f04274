import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '@bianmin/shared/i18n/translate';
import { zhCN as shared } from '@bianmin/shared/i18n/zh-CN';
import { KIOSK_WORDS, say } from './words.ts';

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

describe('the kiosk’s own words', () => {
  it.each(LANGUAGES.filter((language) => language !== 'zh-CN'))(
    '%s has every key, the same places, and no Chinese left in it',
    (language) => {
      const zh: Readonly<Record<string, string>> = KIOSK_WORDS['zh-CN'];
      const words: Readonly<Record<string, string>> = KIOSK_WORDS[language];
      expect(Object.keys(words).sort()).toEqual(Object.keys(zh).sort());
      for (const [key, text] of Object.entries(words)) {
        expect(places(text), key).toEqual(places(zh[key] ?? ''));
        expect(text, key).not.toMatch(/\p{Script=Han}/u);
        expect(text.trim(), key).not.toBe('');
      }
    },
  );

  it('hide none of the shared ones', () => {
    expect(Object.keys(KIOSK_WORDS['zh-CN']).filter((key) => Object.hasOwn(shared, key))).toEqual([]);
  });

  it('are said with the shared ones, by one function', () => {
    expect(say('en', 'chrome.help')).toBe('Help');
    expect(say('en', 'voice.off')).toBe('Mute');
  });
});
