import { direction, type Language } from '../api/language.ts';

/** A text by key; `{place}` in it is filled when it is said. */
export type Words<Key extends string> = Readonly<Record<Key, string>>;

/** All that a face says. A key that one of its languages lacks does not compile; `wordFaults` of the tests looks at the texts. */
export type Catalogue<Key extends string, Spoken extends Language = Language> = Readonly<
  Record<Spoken, Words<Key>>
>;

/** What stands in a text's places. */
export type Values = Readonly<Record<string, string | number>>;

/** FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE: a number keeps its own order inside Uyghur. */
const ISOLATE = ['\u2068', '\u2069'] as const;

/** The text of a key in a language. No text has forms of a plural: a language that needs them is the first to. */
export function translate<Key extends string, Spoken extends Language>(
  catalogue: Catalogue<Key, Spoken>,
  language: Spoken,
  key: Key,
  values: Values = {},
): string {
  return filled(language, catalogue[language][key], values);
}

/**
 * A text with its `{places}` filled; a place without a value stays visible so that it is noticed. By hand for the screens of
 * kiosk and box: vue-i18n, which the console has, is 23 KB compressed and of Vue 3 alone, intl-messageformat 12 10 KB.
 * In a right-to-left language each value is isolated, so that `2026-11-20` or `-3.05` is never mirrored.
 */
export function filled(
  language: Language,
  text: string,
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return direction(language) === 'rtl' ? `${ISOLATE[0]}${value}${ISOLATE[1]}` : String(value);
  });
}
