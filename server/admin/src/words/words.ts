import { createI18n } from 'vue-i18n';
import type { AreaWords, Words } from './area-words.ts';
import { common } from './common.ts';

export const LOCALES = ['zh-CN', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const KEPT = 'bianmin.locale';

/** Each area brings its own words: `areas/<area>/words.ts` exports them as `words`; keys are `<area>.<key>`. */
const AREAS = import.meta.glob<{ words: AreaWords }>('../areas/*/words.ts', { eager: true });

function messagesOf(locale: Locale): Record<string, Words> {
  const areas = Object.entries(AREAS).map(([path, { words }]) => {
    const area = /areas\/([^/]+)\//.exec(path)?.[1] ?? '';
    return [area, words[locale]] as const;
  });
  return { common: common[locale], ...Object.fromEntries(areas) };
}

/** The language that was chosen here last, else the browser's where we have it, else Chinese. */
function firstLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  const wanted = [kept, ...navigator.languages];
  for (const each of wanted) {
    const found = LOCALES.find((locale) => each === locale || each?.split('-')[0] === locale.split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'zh-CN';
}

const first = firstLocale();
export const words = createI18n({
  legacy: false,
  locale: first,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': messagesOf('zh-CN'), en: messagesOf('en') },
});
document.documentElement.lang = first;

export function setLocale(locale: Locale): void {
  words.global.locale.value = locale;
  document.documentElement.lang = locale;
  localStorage.setItem(KEPT, locale);
}
