import { onScopeDispose } from 'vue';

/**
 * Letters that are struck while a box that was just opened has not got the focus yet: they go to `add`, in their order, and nowhere
 * else. Ends with the box's first focus, which is to call `over`.
 */
export function useFirstKeys(add: (letter: string) => void): { readonly over: () => void } {
  function struck(event: KeyboardEvent): void {
    if (!isLetter(event)) return;
    event.preventDefault();
    event.stopPropagation();
    add(event.key);
  }
  const over = (): void => {
    document.removeEventListener('keydown', struck, { capture: true });
  };
  document.addEventListener('keydown', struck, { capture: true });
  onScopeDispose(over);
  return { over };
}

/** Whether a key would write something: no command, no key with a name, nothing that an input method is about. */
export function isLetter({
  key,
  ctrlKey,
  metaKey,
  altKey,
  isComposing,
}: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing'>): boolean {
  return [...key].length === 1 && !ctrlKey && !metaKey && !altKey && !isComposing;
}
