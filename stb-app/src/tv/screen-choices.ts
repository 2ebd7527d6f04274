import { ref, watchEffect } from 'vue';
import { direction, LANGUAGES, type Language } from '@bianmin/purchase/api/language';
import { translate, type Values } from '@bianmin/purchase/i18n/translate';
import type { BoxSettings } from '../box/settings.ts';
import { TV_WORDS, type WordKey } from './words/words.ts';

/** What the family chose for its screen: its language, its letters, and whether it speaks. */
export function useScreenChoices(save: (chosen: BoxSettings) => void) {
  const language = ref<Language>('zh-CN');
  const large = ref(false);
  const voice = ref(false);

  watchEffect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dir = direction(language.value);
  });

  function t(key: WordKey, values?: Values): string {
    return translate(TV_WORDS, language.value, key, values);
  }

  /** As it was chosen last, as far as that could be read. */
  function restore(settings: Partial<BoxSettings>): void {
    language.value = LANGUAGES.filter((each) => each === settings.language)[0] ?? 'zh-CN';
    large.value = settings.large ?? false;
    voice.value = settings.voice ?? false;
  }

  function choose(next: { language?: Language; large?: boolean; voice?: boolean }): void {
    language.value = next.language ?? language.value;
    large.value = next.large ?? large.value;
    voice.value = next.voice ?? voice.value;
    save({ language: language.value, large: large.value, voice: voice.value });
  }

  return { language, large, voice, t, restore, choose };
}
