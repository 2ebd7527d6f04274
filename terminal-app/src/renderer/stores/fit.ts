import { onMounted, onUnmounted, watch, type WatchSource } from 'vue';
import { afterPaint } from './after-paint.ts';

/** Parts of the large type's full size of 30 dp: 60, 54 and 48 px of the design. */
const STEPS = [1, 0.9, 0.8] as const;

/** `Node.TEXT_NODE`. */
const TEXT = 3;

/** What a screen changes itself: what it holds and says, and whether a dialog is open. */
const SEEN = { childList: true, subtree: true, characterData: true } as const;

/** A class of the page where not even that is enough: what can be spared (`.spare`) is not said, and some things are lower. */
const TIGHT = 'tight';

/**
 * Keeps large type as large as the screen has room for, in `--fit`: a sentence that is cut helps nobody. `changes` are what a
 * screen starts anew with; what it changes itself is seen.
 */
export function useFit(of: () => HTMLElement | null, changes: WatchSource[]): void {
  const observer = new MutationObserver((changed) => {
    if (changed.every(onlyWords)) soon();
    else fit();
  });
  let waiting = false;

  /** A digit that was typed is to be seen first; of what it does to the rest a frame later is early enough. */
  function soon(): void {
    if (waiting) return;
    waiting = true;
    afterPaint(() => {
      waiting = false;
      fit();
    });
  }

  function fit(): void {
    // Whatever changed until now is looked at here.
    observer.takeRecords();
    const stage = of();
    const { style, classList } = document.documentElement;
    // Also where nothing changes by it, a page whose root was touched is styled anew.
    if (style.getPropertyValue('--fit') !== '') style.removeProperty('--fit');
    if (classList.contains(TIGHT)) classList.remove(TIGHT);
    const main = stage?.querySelector('main');
    if (!stage || !main) return;
    const parts = [main, ...stage.querySelectorAll('dialog[open]')];
    for (const step of classList.contains('large') ? STEPS : []) {
      style.setProperty('--fit', String(step));
      if (!parts.some(leaves)) return;
    }
    classList.toggle(TIGHT, parts.some(leaves));
  }

  watch(changes, fit, { flush: 'post' });
  onMounted(() => {
    const stage = of();
    if (stage) observer.observe(stage, { ...SEEN, attributeFilter: ['open'] });
    document.fonts.addEventListener('loadingdone', fit);
    fit();
  });
  onUnmounted(() => {
    observer.disconnect();
    document.fonts.removeEventListener('loadingdone', fit);
  });
}

/** Whether something that was there says something else, and nothing came, went, opened or closed. */
export function onlyWords({ type, addedNodes, removedNodes }: MutationRecord): boolean {
  if (type === 'characterData') return true;
  return type === 'childList' && [...addedNodes, ...removedNodes].every(({ nodeType }) => nodeType === TEXT);
}

/** Whether anything in it is not all inside it. */
function leaves(part: Element): boolean {
  const room = part.getBoundingClientRect();
  return [...part.querySelectorAll('*:not(svg *)')].some((element) => {
    // What is not shown, or is only its children, has no place of its own.
    if (element.getClientRects().length === 0) return false;
    const box = element.getBoundingClientRect();
    return (
      box.top < room.top - 1 ||
      box.bottom > room.bottom + 1 ||
      box.left < room.left - 1 ||
      box.right > room.right + 1
    );
  });
}
