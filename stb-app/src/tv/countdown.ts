import { onUnmounted, ref, watch } from 'vue';
import type { Ref } from 'vue';

/** Whole seconds until `at` (wall clock, ms), never below 0; null while there is nothing to count, and no timer runs. */
export function useCountdown(at: () => number | null): Readonly<Ref<number | null>> {
  const left = ref<number | null>(null);
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => {
    const end = at();
    left.value = end === null ? null : Math.max(0, Math.ceil((end - Date.now()) / 1000));
  };
  watch(
    at,
    (end) => {
      clearInterval(timer);
      timer = end === null ? undefined : setInterval(tick, 1000);
      tick();
    },
    { immediate: true },
  );
  onUnmounted(() => {
    clearInterval(timer);
  });
  return left;
}
