import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { HomeView, Purchase } from '@bianmin/shared/api/home';
import { codeOf } from '@bianmin/shared/errors';
import type { PurchaseView } from '@bianmin/shared/purchase/view';
import type { Box } from '../box/box.ts';
import type { Households } from '../box/households.ts';
import type { PhoneState } from '../box/phone-visit.ts';

/** A page of the box's own: the households that it keeps, what one has bought, or the phone that chooses the amount. */
export type Page =
  | { readonly is: 'homes' }
  | { readonly is: 'phone' }
  /** `home`: absent for the card that is in. */
  | { readonly is: 'history'; readonly home?: HomeView };

export type Remembered = 'offered' | 'busy' | 'done' | 'full' | 'failed';

/** Rows of one screen: ten feet away, in the larger letters, too. */
export const ROWS = { homes: 3, history: 4 } as const;

/** Pages beside the purchase. They lie before the screen that they were opened from, and go when it goes. */
export const usePages = defineStore('pages', () => {
  const page = shallowRef<Page | null>(null);
  const homes = shallowRef<readonly HomeView[] | null>(null);
  const purchases = shallowRef<readonly Purchase[] | null>(null);
  /** Where older purchases begin; null where there are none. */
  const older = ref<string | null>(null);
  /** Number of the first row on the screen. */
  const from = ref(0);
  /** Why what was asked for is not there. */
  const trouble = ref<string | null>(null);
  const remembered = shallowRef<{ readonly orderNo: string; readonly is: Remembered } | null>(null);
  /** The purchase is for a household that is kept already. */
  const kept = ref(false);
  /** Whether the box keeps any household; null: not known yet. */
  const keepsAny = ref<boolean | null>(null);
  /** The phone beside the television. */
  const phone = shallowRef<PhoneState | null>(null);
  let visitor: Box['phone'] | undefined;
  let households: Households | undefined;
  let asked = 0;

  /** Only the answer to the newest question counts. */
  function ask<T>(question: ((of: Households) => Promise<T>) | null, take: (answer: T) => void): void {
    const mine = (asked += 1);
    trouble.value = null;
    if (households === undefined || question === null) return;
    question(households).then(
      (answer) => {
        if (mine === asked) take(answer);
      },
      (error: unknown) => {
        if (mine === asked) trouble.value = codeOf(error) ?? 'unexpected';
      },
    );
  }

  function have(answer: readonly HomeView[]): void {
    homes.value = answer;
    keepsAny.value = answer.length > 0;
  }

  /** Asks quietly: a box that remembers nobody offers nobody. The welcome waits for nothing of it. */
  function learn(): void {
    if (keepsAny.value !== null) return;
    households?.list().then(
      (answer) => {
        keepsAny.value = answer.length > 0;
      },
      () => undefined,
    );
  }

  function load(): void {
    const { value: shown } = page;
    if (shown === null) return;
    if (shown.is === 'phone') {
      void visitor?.open();
      return;
    }
    if (shown.is === 'homes') {
      ask((of) => of.list(), have);
      return;
    }
    const before = older.value ?? undefined;
    ask(
      (of) => of.history(shown.home?.id ?? null, before),
      (answer) => {
        const known = purchases.value ?? [];
        purchases.value = known.concat(answer.purchases);
        older.value = answer.next;
        if (before !== undefined) from.value += ROWS.history;
      },
    );
  }

  function open(next: Page | null): void {
    page.value = next;
    from.value = 0;
    if (next === null) homes.value = null;
    purchases.value = null;
    older.value = null;
    ask(null, () => undefined);
    load();
  }

  function turn(step: 1 | -1): void {
    const rows = ROWS[page.value?.is === 'history' ? 'history' : 'homes'];
    const all = (page.value?.is === 'history' ? purchases.value : homes.value) ?? [];
    if (step === -1) from.value = Math.max(0, from.value - rows);
    else if (from.value + rows < all.length) from.value += rows;
    else if (older.value !== null) load();
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

  function remember(orderNo: string): void {
    const tell = (is: Remembered): void => {
      remembered.value = { orderNo, is };
    };
    tell('busy');
    households?.remember(orderNo).then(
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

  /** Whether the page lies before this screen. */
  function liesBefore(view: PurchaseView): boolean {
    if (page.value?.is === 'phone') return view.screen === 'amount' && view.busyFen === null;
    if (page.value?.is === 'history' && page.value.home === undefined) return view.screen === 'who';
    return view.screen === 'wait' || (view.screen === 'problem' && view.withoutCard === true);
  }

  /** The purchase went on: a page that nobody comes back to is gone. */
  function follow(view: PurchaseView): void {
    if (view.screen === 'wait') kept.value = false;
    const back = view.screen === 'recalling' || view.screen === 'amount' || view.screen === 'problem';
    if (page.value !== null && !liesBefore(view) && !(page.value.is === 'homes' && back)) open(null);
  }

  /** The phone came, chose or went. What it chose is asked about on whichever screen lies there. */
  function hear(state: PhoneState | null): void {
    phone.value = state;
    if (state?.is === 'chosen') {
      page.value = { is: 'phone' };
      return;
    }
    if (state === null && page.value?.is === 'phone') open(null);
  }

  return {
    ...{ page, homes, purchases, older, from, trouble, remembered, kept, keepsAny, phone },
    ...{ open, load, learn, turn, forget, remember, liesBefore, follow },
    decline: () => visitor?.decline(),
    back: () => {
      if (page.value?.is === 'phone') {
        // Also where no code could be made.
        visitor?.leave();
        open(null);
        return;
      }
      open(page.value?.is === 'history' && page.value.home !== undefined ? { is: 'homes' } : null);
    },
    start: (of: Pick<Box, 'households' | 'phone' | 'onPhone'>) => {
      ({ households, phone: visitor } = of);
      of.onPhone(hear);
    },
  };
});
