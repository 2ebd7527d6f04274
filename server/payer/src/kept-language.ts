import { LANGUAGES, type Language } from '@bianmin/purchase/api/language';

const KEPT_LANGUAGE = 'bianmin.language';

/** Some browsers refuse storage; the language is then the phone's own each time. */
export function keptLanguage(): Language | undefined {
  try {
    const kept = localStorage.getItem(KEPT_LANGUAGE);
    return LANGUAGES.filter((language) => language === kept)[0];
  } catch {
    return undefined;
  }
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT_LANGUAGE, language);
  } catch {
    // As above.
  }
}
