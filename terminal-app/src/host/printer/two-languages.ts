import type { Language } from '@bianmin/purchase/api/language';
import { say, type WordKey } from '../../words/words.ts';
import type { Values } from '@bianmin/purchase/i18n/translate';
import type { Line } from './line.ts';

interface Look {
  readonly big?: true;
  readonly bold?: true;
  readonly centred?: true;
}

/** Lines in Chinese, and each of their words once more in another language under them. */
export function twoLanguages(language: Language) {
  const other = language === 'zh-CN' ? undefined : language;

  function both(key: WordKey, look: Look = {}): Line[] {
    const zh: Line = { is: 'text', text: say('zh-CN', key), language: 'zh-CN', ...look };
    if (other === undefined) return [zh];
    const centred = look.centred === true ? { centred: true as const } : {};
    return [zh, { is: 'text', text: say(other, key), language: other, ...centred }];
  }

  /** None where there is no value. */
  function row(
    key: WordKey,
    value: string | null | undefined,
    { bold, values }: { readonly bold?: true; readonly values?: Values } = {},
  ): Line[] {
    if (value === null || value === undefined || value === '') return [];
    const zh: Line = {
      ...{ is: 'row', label: say('zh-CN', key, values), value },
      ...(bold === undefined ? {} : { bold }),
    };
    if (other === undefined) return [zh];
    return [zh, { is: 'text', text: say(other, key, values), language: other }];
  }

  return { both, row };
}
