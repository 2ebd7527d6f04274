import { onMounted, onUnmounted } from 'vue';
import type { useIdle } from './idle.ts';

export interface DeskKeysInit {
  readonly idle: ReturnType<typeof useIdle>;
  /** What lies on the desk and has keys before the desk's own; true where the key was its. */
  readonly first: (event: KeyboardEvent) => boolean;
  /** What each key does, by its name. */
  readonly deeds: Readonly<Record<string, () => void>>;
}

/** The keys of staff's desk while it is there; whatever is pressed or touched says that somebody is at it. */
export function useDeskKeys({ idle, first, deeds }: DeskKeysInit): void {
  function onKey(event: KeyboardEvent): void {
    const asked = idle.left.value !== null;
    idle.touch();
    // The key that answers the question does nothing else.
    if (asked) event.preventDefault();
    // What lies over the desk has the keys.
    if (asked || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
    if (first(event)) {
      event.preventDefault();
      return;
    }
    const deed = deeds[event.key];
    if (deed === undefined || isChord(event)) return;
    event.preventDefault();
    deed();
  }

  let ticking: ReturnType<typeof setInterval> | undefined;
  onMounted(() => {
    window.addEventListener('keydown', onKey);
    window.addEventListener('pointerdown', idle.touch);
    ticking = setInterval(idle.tick, 1_000);
  });
  onUnmounted(() => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('pointerdown', idle.touch);
    clearInterval(ticking);
  });
}

/** Whether it is the program's or the system's: such a key is no letter and no deed. */
export function isChord(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey;
}
