import { ref } from 'vue';

/** As long as a key may be; what a receipt's code, a card's serial or an order's number have is shorter. */
const LONGEST = 64;

/** The part of a `KeyboardEvent` that is looked at. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/**
 * What is typed, by fingers or by a scanner, which types fast and ends with Enter: it goes into the search, whichever
 * button has the focus. `press` says whether the key was taken; one that was must not do anything else.
 */
export function useTyped(find: (key: string) => void) {
  const text = ref('');

  function press({ key, ctrlKey, altKey, metaKey }: Key): boolean {
    if (ctrlKey || altKey || metaKey) return false;
    if (/^[!-~]$/u.test(key)) {
      if (text.value.length < LONGEST) text.value += key;
      return true;
    }
    if (text.value === '') return false;
    if (key === 'Enter') {
      submit();
      return true;
    }
    if (key === 'Escape') {
      clear();
      return true;
    }
    if (key !== 'Backspace') return false;
    erase();
    return true;
  }

  function erase(): void {
    text.value = text.value.slice(0, -1);
  }

  function clear(): void {
    text.value = '';
  }

  function submit(): void {
    const key = keyOf(text.value);
    clear();
    if (key !== '') find(key);
  }

  return { text, press, erase, clear, submit };
}

/** A code that is an address carries what is looked for as its last part. */
export function keyOf(scanned: string): string {
  const address = /^https?:\/\/[^?#]*\/([^/?#]+)\/?(?:[?#].*)?$/u.exec(scanned);
  return (address?.[1] ?? scanned).trim();
}
