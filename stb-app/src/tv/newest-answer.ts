import { ref } from 'vue';
import { codeOf } from '@bianmin/card/errors';
import type { Households } from '../box/households.ts';

/** Questions about households, of which only the answer to the newest counts. */
export function useNewestAnswer(households: () => Households | undefined) {
  /** Why what was asked for is not there. */
  const trouble = ref<string | null>(null);
  let asked = 0;

  /** `null` asks nothing: whatever is still awaited does not count. */
  function ask<T>(question: ((of: Households) => Promise<T>) | null, take: (answer: T) => void): void {
    const mine = (asked += 1);
    trouble.value = null;
    const of = households();
    if (of === undefined || question === null) return;
    question(of).then(
      (answer) => {
        if (mine === asked) take(answer);
      },
      (error: unknown) => {
        if (mine === asked) trouble.value = codeOf(error) ?? 'unexpected';
      },
    );
  }

  return { trouble, ask };
}
