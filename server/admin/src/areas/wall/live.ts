import { onScopeDispose, readonly, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '@bianmin/purchase/api/client-error';

/** `lost`: what is shown is old; `ended`: the login is over. */
export type LiveState = 'first' | 'live' | 'lost' | 'ended';

export interface Live<T> {
  /** What was read last; it stays whatever happens. */
  readonly value: Readonly<ShallowRef<T | undefined>>;
  readonly state: Readonly<Ref<LiveState>>;
  /** When it was read. */
  readonly at: Readonly<Ref<number | undefined>>;
}

/** Reads again and again, each time so long after the last answer, until the page goes. A mistake of ours is no answer, too. */
export function useLive<T>(
  read: (signal: AbortSignal) => Promise<T>,
  everyMs: number,
  now: () => number = Date.now,
): Live<T> {
  const value = shallowRef<T>();
  const state = ref<LiveState>('first');
  const at = ref<number>();
  const gone = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function round(): Promise<void> {
    try {
      value.value = await read(gone.signal);
      at.value = now();
      state.value = 'live';
    } catch (error) {
      if (gone.signal.aborted) return;
      state.value = error instanceof ApiError && error.status === 401 ? 'ended' : 'lost';
    }
    // Also once the login has ended: a new login in another window brings it back.
    timer = setTimeout(() => void round(), everyMs);
  }
  void round();
  onScopeDispose(() => {
    gone.abort();
    clearTimeout(timer);
  });
  return { value, state: readonly(state), at: readonly(at) };
}
