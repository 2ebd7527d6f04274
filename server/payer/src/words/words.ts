import type { Language } from '@bianmin/purchase/api/language';
import { translate, type Catalogue, type Values } from '@bianmin/purchase/i18n/translate';
import { en } from './en.ts';
import { ug } from './ug.ts';
import { zhCN, type WordKey } from './zh-cn.ts';

/** All that the phone's pages say. */
export const PAYER_WORDS: Catalogue<WordKey> = { 'zh-CN': zhCN, ug, en };

/** In these words. */
export function say(language: Language, key: WordKey, values?: Values): string {
  return translate(PAYER_WORDS, language, key, values);
}
