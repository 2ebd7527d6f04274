import { api } from '../api.ts';
import type { Screen } from '../app.ts';
import { el, type Child } from '../dom.ts';
import { chinaTime, grouped, yuan } from '../format.ts';
import type { WordKey } from '../words/zh-cn.ts';

/** What a resident keeps of a purchase. */
export const receiptScreen: Screen = (app, stay, orderNo) => {
  api.order(orderNo).then(
    (order) => {
      if (stay.over) return;
      const { t } = app;
      const { customer, credit } = order;
      const left = credit === undefined ? null : credit.balanceFen;
      const at = credit === undefined || credit.creditedAt === null ? order.createdAt : credit.creditedAt;
      const row = (key: WordKey, value: string | null): Child =>
        value !== null && el('div', {}, el('dt', {}, t(key)), el('dd', {}, el('bdi', {}, value)));
      app.show(
        { where: t('receipt.title'), back: `/o/${orderNo}` },
        el('p', { class: 'answer' }, t('home.yuan', { yuan: yuan(order.faceFen) })),
        el(
          'dl',
          { class: 'panel' },
          row('receipt.who', customer.name),
          row('receipt.where', customer.address),
          row('receipt.customerNo', customer.customerNo),
          row('receipt.balance', left === null ? null : t('home.yuan', { yuan: yuan(left) })),
          row('receipt.time', chinaTime(at)),
          row('receipt.code', order.receiptCode),
          row('receipt.orderNo', grouped(order.orderNo)),
        ),
        el('a', { class: 'button second', href: '#/' }, t('done.home')),
      );
    },
    (error: unknown) => {
      if (!stay.over) app.failed(error, '/');
    },
  );
};
