import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '@bianmin/purchase/api/client-error';

/** Something that is read from the server, as a page shows it: what was read last stays while it is read again. */
export interface Loaded<T> {
  readonly value: Readonly<ShallowRef<T | undefined>>;
  readonly error: Readonly<ShallowRef<ApiError | undefined>>;
  readonly loading: Readonly<Ref<boolean>>;
  /** Reads (again); an older reading that is still on its way is dropped. Never rejects. */
  load(): Promise<void>;
}

export function useLoaded<T>(read: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const value = shallowRef<T>();
  const error = shallowRef<ApiError>();
  const loading = ref(false);
  let running: AbortController | undefined;
  onScopeDispose(() => running?.abort());
  return {
    value,
    error,
    loading,
    async load() {
      running?.abort();
      const mine = new AbortController();
      running = mine;
      loading.value = true;
      try {
        const read_ = await read(mine.signal);
        if (running !== mine) return;
        value.value = read_;
        error.value = undefined;
      } catch (thrown) {
        if (running !== mine || mine.signal.aborted) return;
        error.value = asApiError(thrown);
      } finally {
        if (running === mine) loading.value = false;
      }
    },
  };
}

/** What went wrong, as something that can be shown; a mistake of ours is thrown on. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  throw thrown;
}
