import type { AccountBill } from '@bianmin/purchase/api/account';
import type { BindingDetails } from '@bianmin/purchase/api/payer';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { api, newKey } from '../api.ts';
import type { App } from '../app.ts';
import { doing } from '../doing.ts';
import { el, type Child } from '../dom.ts';
import { other } from './other-amount.ts';

/** Months that were used first, each with what pays it. */
export function billParts(app: App, { id, bills = [] }: BindingDetails): Child[] {
  return bills.map((bill) => billPart(app, id, bill));
}

function billPart(app: App, bindingId: string, bill: AccountBill): HTMLElement {
  const { t } = app;
  const { billNo, period, dueFen, dueOn, partly } = bill;
  const below = el('div');
  // One intention to pay, one key: pressing again after no answer gives the same order.
  const keys: Record<number, string> = {};
  const pay = async (faceFen: number): Promise<void> => {
    const idempotencyKey = keys[faceFen] || (keys[faceFen] = newKey());
    const order = await api.buy({ bindingId, faceFen, billNo, idempotencyKey });
    app.go(`/o/${order.orderNo}`);
  };
  return el(
    'div',
    { class: 'panel' },
    el('p', { class: 'warning' }, t('bill.due', { month: period, yuan: yuan(dueFen), date: dueOn })),
    doing(app, {
      words: t('bill.pay', { yuan: yuan(dueFen) }),
      class: 'primary',
      below,
      run: () => pay(dueFen),
    }),
    partly &&
      dueFen > 200 &&
      other(app, { minFen: 100, maxFen: Math.floor(dueFen / 100) * 100, below, buy: pay }),
    below,
  );
}
