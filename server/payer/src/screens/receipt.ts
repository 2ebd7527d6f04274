import { yuan } from '@bianmin/purchase/i18n/yuan';
import { api } from '../api.ts';
import type { Screen } from '../app.ts';
import { el } from '../dom.ts';
import { chinaTime, grouped } from '../format.ts';
import { receiptRows } from './receipt-rows.ts';

/** What a resident keeps of a purchase. */
export const receiptScreen: Screen = (app, stay, orderNo) => {
  api.order(orderNo).then(
    (order) => {
      if (stay.over) return;
      const { t } = app;
      const { customer, credit } = order;
      const left = credit === undefined ? null : credit.balanceFen;
      const at = credit === undefined || credit.creditedAt === null ? order.createdAt : credit.creditedAt;
      app.show(
        { where: t('receipt.title'), back: `/o/${orderNo}` },
        el('p', { class: 'answer' }, t('home.yuan', { yuan: yuan(order.faceFen) })),
        receiptRows(app, [
          ['receipt.bill', order.bill === undefined ? null : order.bill.period],
          ['receipt.who', customer.name],
          ['receipt.where', customer.address],
          ['receipt.customerNo', customer.customerNo],
          ['receipt.meterTail', customer.meterTail || null],
          ['receipt.balance', left === null ? null : t('home.yuan', { yuan: yuan(left) })],
          ['receipt.time', chinaTime(at)],
          ['receipt.code', order.receiptCode],
          ['receipt.orderNo', grouped(order.orderNo)],
        ]),
        el('a', { class: 'button second', href: '#/' }, t('done.home')),
      );
    },
    (error: unknown) => {
      if (!stay.over) app.failed(error, '/');
    },
  );
};
