import { catalogueFaults, type WordRules } from '@bianmin/card/testing/catalogue-faults';
import type { Language } from '../api/language.ts';
import { translate, type Catalogue } from '../i18n/translate.ts';

/** `catalogueFaults` of a face's words, said by `translate` where no other way is given. */
export function wordFaults<Spoken extends Language>(
  catalogue: Catalogue<string, Spoken>,
  rules: Partial<WordRules<Spoken>> = {},
): string[] {
  return catalogueFaults(catalogue, { say: (...asked) => translate(catalogue, ...asked), ...rules });
}
