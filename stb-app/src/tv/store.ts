import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { PurchaseCommand } from '@bianmin/purchase/purchase/view/command';
import type { Box } from '../box/box.ts';
import type { BoxStatus } from '../box/status.ts';
import { usePages } from './pages.ts';
import { useScreenChoices } from './screen-choices.ts';

/** What lies over the screen. */
export type Overlay = 'help' | 'settings';

/** What the box says, as it says it, and what the family chose for its screen. */
export const useTv = defineStore('tv', () => {
  const view = shallowRef<PurchaseView>({ screen: 'reading' });
  const status = shallowRef<BoxStatus | null>(null);
  /** Why the box did not start; null while it may yet. */
  const broken = ref<string | null>(null);
  /** How often the remote's back key came by the shell. */
  const backs = ref(0);
  const overlay = ref<Overlay | null>(null);
  /** A page of the box's own is left at this moment (wall clock, ms) unless the question is answered. */
  const pageAsking = ref<number | null>(null);
  const pages = usePages();
  let box: Box | undefined;
  const { language, large, voice, t, restore, choose } = useScreenChoices((chosen) =>
    box?.saveSettings(chosen),
  );

  function start(started: Box): void {
    box = started;
    pages.start(started);
    restore(started.settings);
    view.value = started.view;
    status.value = started.status;
    const learn = (): void => {
      if (status.value?.terminal === 'accepted' && view.value.screen === 'wait') pages.learn();
    };
    learn();
    started.onView((next) => {
      view.value = next;
      pages.follow(next);
      learn();
    });
    started.onBack(() => {
      backs.value += 1;
    });
    started.onStatus((next) => {
      status.value = next;
      learn();
    });
  }

  const phone = computed(() => status.value?.facts.helpPhone ?? '');
  const asking = computed(() => pageAsking.value ?? view.value.asking ?? null);
  const away = computed(() => status.value?.server === 'away');
  return {
    ...{ view, status, broken, backs, overlay, language, large, voice, phone, away, t, start, choose },
    ...{ asking, pageAsking },
    ...deedsOf(() => box),
    send: (command: PurchaseCommand) => {
      if (command.type === 'home') pages.kept = true;
      box?.command(command);
    },
    /** Whatever is pressed says that the household is here. */
    answer: () => {
      if (view.value.asking !== undefined) box?.command({ type: 'stay' });
    },
    speak: (text: string) => {
      if (voice.value) box?.speak(text, language.value);
    },
  };
});

/** What a person may have the box do that no purchase needs; nothing before there is one. */
function deedsOf(box: () => Box | undefined) {
  return {
    findReaders: () => box()?.findReaders(),
    renewKeys: () => box()?.renewKeys() ?? Promise.resolve(),
    update: () => box()?.update() ?? Promise.resolve('none' as const),
    leave: () => box()?.leave(),
  };
}
