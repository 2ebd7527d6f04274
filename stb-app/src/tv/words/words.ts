import { withPurchaseWords } from '@bianmin/purchase/i18n/purchase-words';
import type { Catalogue } from '@bianmin/purchase/i18n/translate';
import type { PurchaseKey } from '@bianmin/purchase/i18n/zh-CN';
import { en } from './en.ts';
import { ug } from './ug.ts';
import { zhCN, type TvKey } from './zh-CN.ts';

export type WordKey = PurchaseKey | TvKey;

/** All that the TV says: its own words here, and what the kiosk says too. */
export const TV_WORDS: Catalogue<WordKey> = withPurchaseWords({ 'zh-CN': zhCN, ug, en });
