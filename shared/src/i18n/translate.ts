import { en } from './en.ts';
import { ug } from './ug.ts';
import { zhCN } from './zh-CN.ts';
import type { MessageKey, Messages } from './zh-CN.ts';

export const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words, for the switch. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  'zh-CN': '中文',
  ug: 'ئۇيغۇرچە',
  en: 'English',
};

const CATALOGUE: Readonly<Record<Language, Messages>> = { 'zh-CN': zhCN, ug, en };

/** FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE: a number keeps its own order inside Uyghur. */
const ISOLATE = ['\u2068', '\u2069'] as const;

export function translate(language: Language, key: MessageKey, values: Values = {}): string {
  return filled(language, CATALOGUE[language][key], values);
}

/** What stands in a text's places. */
export type Values = Readonly<Record<string, string | number>>;

/**
 * A text with its `{places}` filled; a place without a value stays visible so that it is noticed. By hand for the screens of
 * kiosk and box: vue-i18n, which the console has, is 23 KB compressed and of Vue 3 alone, intl-messageformat 12 10 KB.
 * In a right-to-left language each value is isolated, so that `2026-11-20` or `-3.05` is never mirrored.
 */
export function filled(language: Language, text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return direction(language) === 'rtl' ? `${ISOLATE[0]}${value}${ISOLATE[1]}` : String(value);
  });
}

export function direction(language: Language): 'rtl' | 'ltr' {
  return language === 'ug' ? 'rtl' : 'ltr';
}

/** Fen as yuan with two decimals, `-3.05`; whole yuan only where `whole` is asked and true of the amount. */
export function yuan(fen: number, style: 'always-cents' | 'short' = 'always-cents'): string {
  const sign = fen < 0 ? '-' : '';
  const abs = Math.abs(fen);
  const cents = String(abs % 100).padStart(2, '0');
  const whole = String(Math.trunc(abs / 100));
  return style === 'short' && cents === '00' ? sign + whole : `${sign}${whole}.${cents}`;
}
