/** Words by key; groups of them nest. `{name}` is filled in. */
export interface Words {
  readonly [key: string]: string | Words;
}

/** The same keys, other words. */
type Same<W extends Words> = { readonly [K in keyof W]: W[K] extends Words ? Same<W[K]> : string };

export interface AreaWords {
  readonly 'zh-CN': Words;
  readonly en: Words;
}

/** An area's words in both languages: a key that one of them lacks does not compile. */
export function areaWords<W extends Words>(zh: W, en: Same<W>): AreaWords {
  return { 'zh-CN': zh, en };
}
