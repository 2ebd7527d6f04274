/** Every language that a face speaks, the original first. */
export const LANGUAGES = ['zh-CN', 'ug', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words, for the switch. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  'zh-CN': '中文',
  ug: 'ئۇيغۇرچە',
  en: 'English',
};

/** Where its lines begin, as a page's `dir` wants it. */
export function direction(language: Language): 'rtl' | 'ltr' {
  return language === 'ug' ? 'rtl' : 'ltr';
}
