import { ref } from 'vue';
import type { Language } from '@bianmin/purchase/api/language';
import { translate, type Catalogue, type Values, type Words } from '@bianmin/purchase/i18n/translate';
import { flat, type AreaWords } from './area-words.ts';
import { common } from './common.ts';

export const LOCALES = ['zh-CN', 'en'] as const satisfies readonly Language[];
export type Locale = (typeof LOCALES)[number];

const KEPT = 'bianmin.locale';

/** Each area brings its own words: `areas/<area>/words.ts` exports them as `words`; keys are `<area>.<key>`. */
const AREAS = import.meta.glob<{ words: AreaWords }>('../areas/*/words.ts', { eager: true });
const CONSOLE_WORDS: Catalogue<string, Locale> = { 'zh-CN': wordsIn('zh-CN'), en: wordsIn('en') };
const locale = ref<Locale>(firstLocale());
document.documentElement.lang = locale.value;

function wordsIn(language: Locale): Words<string> {
  const areas = Object.entries(AREAS).map(([path, { words }]) =>
    flat(words[language], /areas\/([^/]+)\//.exec(path)?.[1] ?? ''),
  );
  return Object.assign(flat(common[language], 'common'), ...areas) as Words<string>;
}

/** The language that was chosen here last, else the browser's where we have it, else Chinese. */
function firstLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  const wanted = [kept, ...navigator.languages];
  for (const each of wanted) {
    const found = LOCALES.find((known) => each === known || each?.split('-')[0] === known.split('-')[0]);
    if (found !== undefined) return found;
  }
  return 'zh-CN';
}

/** How a page says its words, in the language that is chosen while it is shown. */
export function useWords() {
  return { t, has, listed, locale };
}

/** A key that has no words is shown as it is, so that it is noticed. */
function t(key: string, values?: Values): string {
  return has(key) ? translate(CONSOLE_WORDS, locale.value, key, values) : key;
}

/** Several things on one line, as the language lists them. */
function listed(words: readonly string[]): string {
  return words.join(locale.value === 'en' ? ', ' : '、');
}

/** Whether there are words of a key that a page put together. */
function has(key: string): boolean {
  return Object.hasOwn(CONSOLE_WORDS[locale.value], key);
}

export function setLocale(chosen: Locale): void {
  locale.value = chosen;
  document.documentElement.lang = chosen;
  localStorage.setItem(KEPT, chosen);
}
