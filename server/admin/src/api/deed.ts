import type { ApiError } from '@bianmin/shared/api/client-error';
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { asApiError } from './loaded.ts';

/** Something that a person does by a button: busy while it runs, and its problem afterwards, if there was one. */
export interface Deed {
  readonly busy: Readonly<Ref<boolean>>;
  readonly problem: Readonly<ShallowRef<ApiError | undefined>>;
  /** True where it was done; false where the server refused it or did not answer. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
}

export function useDeed(): Deed {
  const busy = ref(false);
  const problem = shallowRef<ApiError>();
  return {
    busy,
    problem,
    async run(work) {
      busy.value = true;
      problem.value = undefined;
      try {
        await work();
        return true;
      } catch (error) {
        problem.value = asApiError(error);
        return false;
      } finally {
        busy.value = false;
      }
    },
    forget() {
      problem.value = undefined;
    },
  };
}
