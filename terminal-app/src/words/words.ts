import type { Language } from '@bianmin/purchase/api/language';
import { withPurchaseWords } from '@bianmin/purchase/i18n/purchase-words';
import { translate, type Catalogue, type Values } from '@bianmin/purchase/i18n/translate';
import type { PurchaseKey } from '@bianmin/purchase/i18n/zh-CN';
import { en } from './en/index.ts';
import { ug } from './ug/index.ts';
import { zhCN } from './zh-CN/index.ts';

export type WordKey = PurchaseKey | keyof typeof zhCN;

/** All that the kiosk says: its own words here, an area a file, and what the TV says too. */
export const KIOSK_WORDS: Catalogue<WordKey> = withPurchaseWords({ 'zh-CN': zhCN, ug, en });

/** In these words. */
export function say(language: Language, key: WordKey, values?: Values): string {
  return translate(KIOSK_WORDS, language, key, values);
}
