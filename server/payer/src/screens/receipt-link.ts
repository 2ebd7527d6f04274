import type { Receipt } from '@bianmin/shared/api/receipt';
import { openCall } from '../api.ts';
import type { Screen } from '../app.ts';
import { el } from '../dom.ts';
import { chinaTime, grouped, yuan } from '../format.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { receiptRows } from './receipt-rows.ts';

const DONE: Readonly<Record<Receipt['outcome'], WordKey>> = {
  paid: 'receipt.done.paid',
  written: 'receipt.done.written',
  credited: 'receipt.done.credited',
  refunding: 'receipt.done.refunding',
  refunded: 'receipt.done.refunded',
};
const BY: Readonly<Record<Receipt['channel'], WordKey>> = {
  wechat: 'link.wechat',
  alipay: 'link.alipay',
  bestpay: 'link.bestpay',
  cash: 'receipt.cash',
};

/** The receipt behind the code on a kiosk's screen or paper: anybody who holds it may read it. */
export function receiptLinkScreen(token: string): Screen {
  return (app, stay) => {
    openCall<Receipt>('GET', `receipts/${token}`).then(
      (receipt) => {
        if (stay.over) return;
        const { t } = app;
        const { household, faceFen, discountFen, paidFen, balanceFen, refundFen } = receipt;
        const money = (fen: number): string => t('home.yuan', { yuan: yuan(fen) });
        app.show(
          { where: t('receipt.title'), back: false },
          el('p', { class: 'answer' }, money(faceFen)),
          el('h1', {}, t(DONE[receipt.outcome])),
          receiptRows(app, [
            ['receipt.discount', discountFen > 0 ? money(discountFen) : null],
            ['receipt.paid', money(paidFen)],
            ['receipt.refund', refundFen > 0 ? money(refundFen) : null],
            ['receipt.balance', balanceFen === null ? null : money(balanceFen)],
            ['receipt.by', t(BY[receipt.channel])],
            ['receipt.time', chinaTime(receipt.paidAt)],
            ['receipt.who', household.name],
            ['receipt.where', household.address],
            ['receipt.customerNo', household.customerNo],
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
