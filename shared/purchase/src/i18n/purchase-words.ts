import { en } from './en.ts';
import type { Catalogue } from './translate.ts';
import { ug } from './ug.ts';
import { zhCN, type PurchaseKey } from './zh-CN.ts';

/** What every terminal says alike in a purchase; a kiosk, a TV and the portal each put their own words beside it. */
export const PURCHASE_WORDS: Catalogue<PurchaseKey> = { 'zh-CN': zhCN, ug, en };

/** `PURCHASE_WORDS` and a face's own. */
export function withPurchaseWords<Own extends string>(own: Catalogue<Own>): Catalogue<PurchaseKey | Own> {
  return {
    'zh-CN': { ...zhCN, ...own['zh-CN'] },
    ug: { ...ug, ...own.ug },
    en: { ...en, ...own.en },
  };
}
