import type { Receipt } from '@bianmin/purchase/api/receipt';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { openCall } from '../api.ts';
import type { App, Screen } from '../app.ts';
import { el } from '../dom.ts';
import { chinaTime, grouped } from '../format.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { receiptRows } from './receipt-rows.ts';

const DONE: Readonly<Record<Receipt['outcome'], WordKey>> = {
  paid: 'receipt.done.paid',
  written: 'receipt.done.written',
  credited: 'receipt.done.credited',
  refunding: 'receipt.done.refunding',
  refunded: 'receipt.done.refunded',
};

/** Cash that waits is what the household can do something about. */
function doneOf({ t }: App, { outcome, cashBack, kind, bill }: Receipt): string {
  if (cashBack !== undefined && cashBack.waitingFen > 0) {
    return t('receipt.done.cashWaits', { yuan: yuan(cashBack.waitingFen) });
  }
  if (outcome === 'credited' && kind === 'account') {
    return t(bill === undefined ? 'done.account' : 'done.bill');
  }
  return t(cashBack !== undefined && outcome === 'refunded' ? 'receipt.done.cashOut' : DONE[outcome]);
}

/** The receipt behind the code on a kiosk's screen or paper: anybody who holds it may read it. */
export function receiptLinkScreen(token: string): Screen {
  return (app, stay) => {
    openCall<Receipt>('GET', `receipts/${token}`).then(
      (receipt) => {
        if (stay.over) return;
        const { t } = app;
        const { household, faceFen, discountFen, paidFen, balanceFen, refundFen, cashBack } = receipt;
        const handedOutAt = cashBack === undefined ? null : cashBack.handedOutAt;
        const money = (fen: number): string => t('home.yuan', { yuan: yuan(fen) });
        app.show(
          { where: t('receipt.title'), back: false },
          el('p', { class: 'answer' }, money(faceFen)),
          el('h1', {}, doneOf(app, receipt)),
          receiptRows(app, [
            ['receipt.bill', receipt.bill === undefined ? null : receipt.bill.period],
            ['receipt.discount', discountFen > 0 ? money(discountFen) : null],
            ['receipt.paid', money(paidFen)],
            ['receipt.refund', refundFen > 0 ? money(refundFen) : null],
            [
              'receipt.cashWaits',
              cashBack !== undefined && cashBack.waitingFen > 0 ? money(cashBack.waitingFen) : null,
            ],
            ['receipt.cashOut', handedOutAt === null ? null : chinaTime(handedOutAt)],
            ['receipt.balance', balanceFen === null ? null : money(balanceFen)],
            ['receipt.by', receipt.channel === 'cash' ? t('receipt.cash') : app.wallet(receipt.channel)],
            ['receipt.time', chinaTime(receipt.paidAt)],
            ['receipt.who', household.name],
            ['receipt.where', household.address],
            ['receipt.customerNo', household.customerNo],
            ['receipt.meterTail', household.meterTail || null],
            ['receipt.place', receipt.place],
            ['receipt.code', receipt.receiptCode],
            ['receipt.orderNo', grouped(receipt.orderNo)],
          ]),
          el('p', { class: 'hint' }, t('receipt.note')),
        );
      },
      (error: unknown) => {
        if (!stay.over) app.failed(error, false);
      },
    );
  };
}
