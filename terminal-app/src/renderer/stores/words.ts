import { defineStore } from 'pinia';
import { ref, shallowRef, watch, watchEffect } from 'vue';
import { direction, type Language } from '@bianmin/purchase/api/language';
import type { Values } from '@bianmin/purchase/i18n/translate';
import { say, type WordKey } from '../../words/words.ts';
import { afterPaint } from './after-paint.ts';

/** Language and text size of the screen in front of us. Back to Chinese and normal when a person has left. */
export const useWords = defineStore('words', () => {
  const language = ref<Language>('zh-CN');
  const large = ref(false);
  /** What was pressed last: the buttons show it at once, the words follow. */
  const pressed = shallowRef({ language: language.value, large: large.value });
  watch([language, large], () => {
    pressed.value = { language: language.value, large: large.value };
  });

  watchEffect(() => {
    document.documentElement.lang = language.value;
    document.documentElement.dir = direction(language.value);
    document.documentElement.classList.toggle('large', large.value);
  });

  function t(key: WordKey, values?: Values): string {
    return say(language.value, key, values);
  }

  /**
   * Chooses what all is said in, or how large. On the processor of a cheap machine a whole screen of other letters takes a
   * tenth of a second; a finger must see within a frame that it pressed.
   */
  function choose(choice: { language?: Language; large?: boolean }): void {
    const chosen = { ...pressed.value, ...choice };
    pressed.value = chosen;
    afterPaint(() => {
      // Pressed again meanwhile: the last one counts, once.
      if (pressed.value !== chosen) return;
      language.value = chosen.language;
      large.value = chosen.large;
    });
  }

  return { language, large, pressed, choose, t };
});
