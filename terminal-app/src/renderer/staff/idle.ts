import { ref } from 'vue';

/** How long nobody touches anything before it is asked, and how long the question stands, ms. */
const ASK_AFTER_MS = 120_000;
const LEAVE_AFTER_MS = 30_000;

/**
 * Leaves by itself where staff walked away, never without asking first. `tick` is to be called about once a second;
 * `now`: a clock that only goes forward, ms.
 */
export function useIdle(init: { now: () => number; leave: () => void }) {
  /** Seconds until it leaves; null while nothing is asked. */
  const left = ref<number | null>(null);
  let last = init.now();

  function touch(): void {
    last = init.now();
    left.value = null;
  }

  function tick(): void {
    const idleMs = init.now() - last;
    if (idleMs < ASK_AFTER_MS) return;
    const restMs = ASK_AFTER_MS + LEAVE_AFTER_MS - idleMs;
    left.value = Math.max(0, Math.ceil(restMs / 1000));
    if (restMs <= 0) init.leave();
  }

  return { left, touch, tick };
}
