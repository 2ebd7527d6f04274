import type { Words } from '@bianmin/purchase/i18n/translate';

/** Words by key; groups of them nest: `page: { by: … }` of the area `orders` is said as `orders.page.by`. */
export interface NestedWords {
  readonly [key: string]: string | NestedWords;
}

/** The same keys, other words. */
type Same<W extends NestedWords> = {
  readonly [K in keyof W]: W[K] extends NestedWords ? Same<W[K]> : string;
};

export interface AreaWords {
  readonly 'zh-CN': NestedWords;
  readonly en: NestedWords;
}

/** An area's words in both languages: a key that one of them lacks does not compile. */
export function areaWords<W extends NestedWords>(zh: W, en: Same<W>): AreaWords {
  return { 'zh-CN': zh, en };
}

/** The same by their whole keys, as a catalogue has them. */
export function flat(words: NestedWords, prefix: string): Words<string> {
  const all: Record<string, string> = {};
  for (const [key, value] of Object.entries(words)) {
    const name = `${prefix}.${key}`;
    if (typeof value === 'string') all[name] = value;
    else Object.assign(all, flat(value, name));
  }
  return all;
}
