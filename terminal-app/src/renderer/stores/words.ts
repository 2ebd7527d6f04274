import { defineStore } from 'pinia';
import { ref, watchEffect } from 'vue';
import { direction } from '@bianmin/shared/i18n/translate';
import type { Language, Values } from '@bianmin/shared/i18n/translate';
import { say, type WordKey } from '../../words/words.ts';

/** Language and text size of the screen in front of us. Back to Chinese and normal when a person has left. */
export const useWords = defineStore('words', () => {
  const language = ref<Language>('zh-CN');
  const large = ref(false);

  watchEffect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dir = direction(language.value);
    document.documentElement.classList.toggle('large', large.value);
  });

  function t(key: WordKey, values?: Values): string {
    return say(language.value, key, values);
  }

  return { language, large, t };
});
