import type { App } from '../app.ts';
import { el } from '../dom.ts';
import type { WordKey } from '../words/zh-cn.ts';

/** What a receipt says, a row each; rows without a value are left out. */
export function receiptRows(
  app: App,
  rows: readonly (readonly [key: WordKey, value: string | null])[],
): HTMLElement {
  return el(
    'dl',
    { class: 'panel' },
    ...rows.map(
      ([key, value]) =>
        value !== null && el('div', {}, el('dt', {}, app.t(key)), el('dd', {}, el('bdi', {}, value))),
    ),
  );
}
