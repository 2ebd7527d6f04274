import { ref, shallowRef } from 'vue';
import { codeOf } from '@bianmin/card/errors';
import type { HomeView } from '@bianmin/purchase/api/home';
import type { Households } from '../box/households.ts';

export type Remembered = 'offered' | 'busy' | 'done' | 'full' | 'failed';

/** The households that the box keeps, and one that it is to keep from now on. */
export function useKeptHouseholds(households: () => Households | undefined) {
  const homes = shallowRef<readonly HomeView[] | null>(null);
  /** Whether the box keeps any household; null: not known yet. */
  const keepsAny = ref<boolean | null>(null);
  const remembered = shallowRef<{ readonly orderNo: string; readonly is: Remembered } | null>(null);

  function have(answer: readonly HomeView[]): void {
    homes.value = answer;
    keepsAny.value = answer.length > 0;
  }

  /** Asks quietly: a box that remembers no household offers none. The welcome waits for nothing of it. */
  function learn(): void {
    if (keepsAny.value !== null) return;
    households()
      ?.list()
      .then(
        (answer) => {
          keepsAny.value = answer.length > 0;
        },
        () => undefined,
      );
  }

  function remember(orderNo: string): void {
    const tell = (is: Remembered): void => {
      remembered.value = { orderNo, is };
    };
    tell('busy');
    households()
      ?.remember(orderNo)
      .then(
        () => {
          homes.value = null;
          keepsAny.value = true;
          tell('done');
        },
        (error: unknown) => {
          tell(codeOf(error) === 'binding.too-many' ? 'full' : 'failed');
        },
      );
  }

  return { homes, keepsAny, remembered, have, learn, remember };
}
export type KeptHouseholds = ReturnType<typeof useKeptHouseholds>;
