import { onMounted, onUnmounted } from 'vue';
import { mayPress, type KeyPlace } from '../../ipc/keys.ts';

const EVENTS = ['keydown', 'keypress', 'keyup'] as const;

/**
 * Lets through only what staff press where they are, and stands before everything else that hears keys: at a resident's screen no
 * key moves the focus, presses a button, or says that somebody is there.
 */
export function useKeyGuard(place: () => KeyPlace): void {
  function guard(event: KeyboardEvent): void {
    const { key, ctrlKey: control, altKey: alt, metaKey: meta } = event;
    if (mayPress(place(), { key, control, alt, meta })) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  onMounted(() => {
    for (const name of EVENTS) window.addEventListener(name, guard, { capture: true });
  });
  onUnmounted(() => {
    for (const name of EVENTS) window.removeEventListener(name, guard, { capture: true });
  });
}
