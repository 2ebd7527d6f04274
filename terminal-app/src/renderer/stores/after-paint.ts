import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** When what was changed until now has been painted. */
export function afterPaint(then: () => void): void {
  requestAnimationFrame(() => {
    setTimeout(then);
  });
}

/**
 * A press that brings more than a cheap machine's processor draws within a frame, such as a dialog: its button shows
 * `pressed` at once (base.css), and what it brings follows when that was painted. Pressed again meanwhile, it is still one
 * press; on a screen that went away meanwhile, none.
 */
export function usePress(deed: () => void): { pressed: Readonly<Ref<boolean>>; press: () => void } {
  const pressed = ref(false);
  let gone = false;
  onScopeDispose(() => (gone = true));

  function press(): void {
    if (pressed.value) return;
    pressed.value = true;
    afterPaint(() => {
      pressed.value = false;
      if (!gone) deed();
    });
  }

  return { pressed: readonly(pressed), press };
}
