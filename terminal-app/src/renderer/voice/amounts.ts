import type { Language } from '@bianmin/purchase/api/language';
import { EN_NUMBERS, spellEn } from './amounts-en.ts';
import { UG_NUMBERS, spellUg } from './amounts-ug.ts';
import { ZH_NUMBERS, spellZh } from './amounts-zh.ts';

/** As much as an order can be, fen: 999,999.99 yuan. */
export const MOST_FEN = 99_999_999;

/** Id and text of each number part, by language: what a pack has a recording of. */
export const NUMBERS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  'zh-CN': ZH_NUMBERS,
  ug: UG_NUMBERS,
  en: EN_NUMBERS,
};

const SPELL: Readonly<Record<Language, (fen: number) => readonly string[]>> = {
  'zh-CN': spellZh,
  ug: spellUg,
  en: spellEn,
};

/** An amount with its units as ids of number parts, in the order of speech; null where it is none that can be said. */
export function spell(language: Language, fen: number): readonly string[] | null {
  return Number.isInteger(fen) && fen >= 0 && fen <= MOST_FEN ? SPELL[language](fen) : null;
}
