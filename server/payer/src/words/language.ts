import type { Language } from '@bianmin/purchase/api/language';

/** The first language of the phone's own that we have; Chinese where there is none. */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const plain = tag.toLowerCase().split('-')[0];
    if (plain === 'zh') return 'zh-CN';
    if (plain === 'ug' || plain === 'en') return plain;
  }
  return 'zh-CN';
}
