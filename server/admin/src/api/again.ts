import { onScopeDispose, watch } from 'vue';
import { inBackground } from './call.ts';
import type { Loaded } from './loaded.ts';

/** Reads something again some time after it was read, for as long as it moves; a page that is gone asks no more. */
export function againWhile<T>(
  of: Loaded<T>,
  everyMs: number,
  moves: (value: T | undefined) => boolean,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  watch(of.loading, (loading) => {
    stop();
    if (!loading && moves(of.value.value))
      timer = setTimeout(() => void inBackground(() => of.load()), everyMs);
  });
  onScopeDispose(stop);
}
