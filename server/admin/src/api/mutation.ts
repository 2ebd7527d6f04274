import type { ApiError } from '@bianmin/purchase/api/client-error';
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { asApiError } from './loaded.ts';

/** Something that a person does by a button: busy while it runs, and its problem afterwards, if there was one. */
export interface Mutation {
  readonly busy: Readonly<Ref<boolean>>;
  readonly problem: Readonly<ShallowRef<ApiError | undefined>>;
  /**
   * True where it was done; false where the server refused it or did not answer. `key` is of the intention: the same until
   * it was done or forgotten, so that what is sent again after no answer is one.
   */
  readonly run: (work: (key: string) => Promise<unknown>) => Promise<boolean>;
  readonly forget: () => void;
}

export function useMutation(): Mutation {
  const busy = ref(false);
  const problem = shallowRef<ApiError>();
  let key = crypto.randomUUID();
  return {
    busy,
    problem,
    async run(work) {
      busy.value = true;
      problem.value = undefined;
      try {
        await work(key);
        key = crypto.randomUUID();
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
      key = crypto.randomUUID();
    },
  };
}
