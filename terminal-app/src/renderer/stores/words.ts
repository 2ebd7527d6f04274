import { defineStore } from 'pinia';
import { ref, watchEffect } from 'vue';
import { direction, translate } from '@bianmin/shared/i18n/translate';
import type { Language } from '@bianmin/shared/i18n/translate';
import type { MessageKey } from '@bianmin/shared/i18n/zh-CN';

/** Language and text size of the screen in front of us. Back to Chinese and normal when a person has left. */
export const useWords = defineStore('words', () => {
  const language = ref<Language>('zh-CN');
  const large = ref(false);

  watchEffect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dir = direction(language.value);
    document.documentElement.classList.toggle('large', large.value);
  });

  function t(key: MessageKey, values?: Readonly<Record<string, string | number>>): string {
    return translate(language.value, key, values);
  }

  return { language, large, t };
});
