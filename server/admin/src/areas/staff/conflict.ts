import { shallowRef, type ShallowRef } from 'vue';
import type { ApiError } from '@bianmin/purchase/api/client-error';
import type { Mutation } from '../../api/mutation.ts';
import { conflictsOf, type Conflict } from './permissions.ts';

/** An edit that met another's. */
interface Met<T> {
  /** What is there now. */
  readonly present: T;
  readonly conflicts: readonly Conflict[];
}

export interface Editing<T> {
  readonly met: Readonly<ShallowRef<Met<T> | undefined>>;
  /**
   * Sends it. True where it was taken; where another user was faster, `met` is what the person is shown. Any other
   * problem is the mutation's own.
   */
  readonly send: (
    work: () => Promise<unknown>,
    sets: { before: string[]; mine: string[] },
  ) => Promise<boolean>;
  readonly forget: () => void;
}

/** The one way of editing what two people may edit at once. `presentOf` reads what the server says is there now. */
export function useEditing<T>(
  mutation: Mutation,
  presentOf: (present: ApiError['present']) => { present: T; set: string[] } | undefined,
): Editing<T> {
  const met = shallowRef<Met<T>>();
  return {
    met,
    async send(work, { before, mine }) {
      met.value = undefined;
      if (await mutation.run(work)) return true;
      const error = mutation.problem.value;
      const found = error?.code === 'request.changed-meanwhile' ? presentOf(error.present) : undefined;
      if (found === undefined) return false;
      mutation.forget();
      met.value = { present: found.present, conflicts: conflictsOf({ before, theirs: found.set, mine }) };
      return false;
    },
    forget() {
      met.value = undefined;
    },
  };
}
