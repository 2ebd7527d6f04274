import { filled, translate, type Language, type Values } from '@bianmin/shared/i18n/translate';
import { zhCN as shared, type MessageKey } from '@bianmin/shared/i18n/zh-CN';
import { en } from './en/index.ts';
import { ug } from './ug/index.ts';
import { zhCN } from './zh-CN/index.ts';

/** What only the kiosk says, an area a file; what the home box says too is in shared/i18n. */
type KioskKey = keyof typeof zhCN;
export type WordKey = MessageKey | KioskKey;

export const KIOSK_WORDS: Readonly<Record<Language, Readonly<Record<KioskKey, string>>>> = {
  'zh-CN': zhCN,
  ug,
  en,
};

/** As `translate`, of the kiosk's words too. */
export function say(language: Language, key: WordKey, values: Values = {}): string {
  return isShared(key)
    ? translate(language, key, values)
    : filled(language, KIOSK_WORDS[language][key], values);
}

function isShared(key: WordKey): key is MessageKey {
  return Object.hasOwn(shared, key);
}
