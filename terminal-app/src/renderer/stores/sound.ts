import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { VoiceLevel } from '../../ipc/voice-level.ts';
import type { Spokesman } from '../voice/speaker.ts';
import { useKiosk } from './kiosk.ts';

/** How loud the screen in front of us speaks: as this person wants it, until they have left; else as this terminal does. */
export const useSound = defineStore('sound', () => {
  const kiosk = useKiosk();
  const chosen = ref<VoiceLevel | null>(null);
  const level = computed<VoiceLevel>(() => chosen.value ?? kiosk.status?.voice ?? 'off');
  /** Counts presses: the same level pressed again says the screen again. */
  const presses = ref(0);
  /** Who spoke last; null before the first word. */
  const spokesman = ref<Spokesman | null>(null);

  function choose(next: VoiceLevel): void {
    chosen.value = next;
    presses.value += 1;
  }

  function forget(): void {
    chosen.value = null;
  }

  return { level, presses, spokesman, choose, forget };
});
