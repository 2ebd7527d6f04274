import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type { Box } from '../box/box.ts';
import type { Households } from '../box/households.ts';
import type { PhoneState } from '../box/phone-visit.ts';
import { useKeptHouseholds } from './kept-households.ts';
import { liesBefore, outlives, pageBehind, type Page } from './page.ts';
import { usePageRows } from './page-rows.ts';

/** Pages beside the purchase. They lie before the screen that they were opened from, and go when it goes. */
export const usePages = defineStore('pages', () => {
  const page = shallowRef<Page | null>(null);
  /** The purchase is for a household that is kept already. */
  const kept = ref(false);
  /** The phone beside the television. */
  const phone = shallowRef<PhoneState | null>(null);
  let visitor: Box['phone'] | undefined;
  let households: Households | undefined;
  const keeper = useKeptHouseholds(() => households);
  const { homes, keepsAny, remembered, learn, remember } = keeper;
  const rows = usePageRows({ page, households: () => households, kept: keeper });
  const { purchases, older, from, trouble, forget } = rows;

  function load(): void {
    const { value: shown } = page;
    if (shown === null) return;
    if (shown.is === 'phone') void visitor?.open();
    else if (shown.is === 'homes') rows.loadHomes();
    else rows.loadHistory(shown.home);
  }

  function open(next: Page | null): void {
    page.value = next;
    rows.clear(next === null);
    load();
  }

  function back(): void {
    // Also where no code could be made.
    if (page.value?.is === 'phone') visitor?.leave();
    open(pageBehind(page.value));
  }

  /** The purchase went on: a page that is not come back to is gone. */
  function follow(view: PurchaseView): void {
    if (view.screen === 'wait') kept.value = false;
    if (page.value !== null && !outlives(page.value, view)) open(null);
  }

  /** The phone came, chose or went. What it chose is asked about on whichever screen lies there. */
  function hear(state: PhoneState | null): void {
    phone.value = state;
    if (state?.is === 'chosen') page.value = { is: 'phone' };
    else if (state === null && page.value?.is === 'phone') open(null);
  }

  return {
    ...{ page, homes, purchases, older, from, trouble, remembered, kept, keepsAny, phone },
    ...{ open, load, learn, forget, remember, follow, back },
    turn: (step: 1 | -1) => {
      if (rows.turn(step)) load();
    },
    liesBefore: (view: PurchaseView) => liesBefore(page.value, view),
    decline: () => visitor?.decline(),
    start: (of: Pick<Box, 'households' | 'phone' | 'onPhone'>) => {
      ({ households, phone: visitor } = of);
      of.onPhone(hear);
    },
  };
});
