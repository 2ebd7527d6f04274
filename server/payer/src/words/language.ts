import { en } from './en.ts';
import { ug } from './ug.ts';
import { zhCN, type WordKey, type Words } from './zh-cn.ts';

export const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  'zh-CN': '中文',
  ug: 'ئۇيغۇرچە',
  en: 'English',
};

export const TABLES: Readonly<Record<Language, Words>> = { 'zh-CN': zhCN, ug, en };

export type Values = Readonly<Record<string, string | number>>;

/** FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE: a number keeps its own order inside Uyghur. */
const ISOLATE = ['\u2068', '\u2069'] as const;

/** A sentence with its `{places}` filled; a place without a value stays visible so that it is noticed. */
export function say(language: Language, key: WordKey, values: Values = {}): string {
  return TABLES[language][key].replace(/\{(\w+)\}/g, (whole: string, place: string) => {
    const value = values[place];
    if (value === undefined) return whole;
    return language === 'ug' ? `${ISOLATE[0]}${value}${ISOLATE[1]}` : String(value);
  });
}

export function directionOf(language: Language): 'rtl' | 'ltr' {
  return language === 'ug' ? 'rtl' : 'ltr';
}

/** The first language of the phone's own that we have; Chinese where there is none. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const plain = tag.toLowerCase().split('-')[0];
    if (plain === 'zh') return 'zh-CN';
    if (plain === 'ug' || plain === 'en') return plain;
  }
  return 'zh-CN';
}
