import { onMounted, onUnmounted } from 'vue';

export interface DeskKeysInit {
  /** What lies on the desk and has keys before the desk's own; true where the key was its. */
  readonly first?: (event: KeyboardEvent) => boolean;
  /** What each key does, by its name. */
  readonly deeds: Readonly<Record<string, () => void>>;
}

/** The keys of a screen of staff's while it is there. */
export function useDeskKeys({ first, deeds }: DeskKeysInit): void {
  function onKey(event: KeyboardEvent): void {
    // What lies over it has the keys.
    if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
    if (first?.(event) === true) {
      event.preventDefault();
      return;
    }
    const deed = deeds[event.key];
    if (deed === undefined || isChord(event)) return;
    event.preventDefault();
    deed();
  }

  onMounted(() => {
    window.addEventListener('keydown', onKey);
  });
  onUnmounted(() => {
    window.removeEventListener('keydown', onKey);
  });
}

/** Whether it is the program's or the system's: such a key is no letter and no deed. */
export function isChord(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.altKey || event.metaKey;
}
