import { ref, shallowRef, type Ref } from 'vue';
import type { HomeView, Purchase } from '@bianmin/purchase/api/home';
import type { Households } from '../box/households.ts';
import type { KeptHouseholds } from './kept-households.ts';
import { useNewestAnswer } from './newest-answer.ts';
import type { Page } from './page.ts';

/** Rows of one screen: ten feet away, in the larger letters, too. */
export const ROWS = { homes: 3, history: 4 } as const;

interface PageRowsInit {
  readonly page: Ref<Page | null>;
  readonly households: () => Households | undefined;
  readonly kept: KeptHouseholds;
}

/** What the pages list: the households that the box keeps, or the purchases of one. */
export function usePageRows(init: PageRowsInit) {
  const { page, households } = init;
  const { homes, have } = init.kept;
  const { trouble, ask } = useNewestAnswer(households);
  const purchases = shallowRef<readonly Purchase[] | null>(null);
  /** Where older purchases begin; null where there are none. */
  const older = ref<string | null>(null);
  /** Number of the first row on the screen. */
  const from = ref(0);

  function loadHomes(): void {
    ask((of) => of.list(), have);
  }

  /** The next of them, of this household, or of the card that is in. */
  function loadHistory(home: HomeView | undefined): void {
    const before = older.value ?? undefined;
    ask(
      (of) => of.history(home?.id ?? null, before),
      (answer) => {
        const known = purchases.value ?? [];
        purchases.value = known.concat(answer.purchases);
        older.value = answer.next;
        if (before !== undefined) from.value += ROWS.history;
      },
    );
  }

  /** Before another page; `all`: the households, too. */
  function clear(all: boolean): void {
    from.value = 0;
    if (all) homes.value = null;
    purchases.value = null;
    older.value = null;
    ask(null, () => undefined);
  }

  /** To the rows before or after those on the screen; true where those after them are to be loaded first. */
  function turn(step: 1 | -1): boolean {
    const is = page.value?.is === 'history' ? 'history' : 'homes';
    const all = (is === 'history' ? purchases.value : homes.value) ?? [];
    if (step === -1) from.value = Math.max(0, from.value - ROWS[is]);
    else if (from.value + ROWS[is] < all.length) from.value += ROWS[is];
    else return older.value !== null;
    return false;
  }

  function forget(homeId: string): void {
    ask(
      (of) => of.forget(homeId),
      (left) => {
        have(left);
        if (from.value >= left.length) from.value = Math.max(0, from.value - ROWS.homes);
      },
    );
  }

  return { purchases, older, from, trouble, loadHomes, loadHistory, clear, turn, forget };
}
