import { api } from '../api.ts';
import type { App, Screen } from '../app.ts';
import { doing } from '../doing.ts';
import { el } from '../dom.ts';
import { isOver, stepOf } from '../order-step.ts';
import { serverNow } from '../api.ts';
import { meterLine } from './meter-line.ts';

/** The households of this phone, and a top-up that is not finished. */
export const homesScreen: Screen = (app, stay) => {
  Promise.all([api.households(), api.orders()]).then(
    ([households, orders]) => {
      if (stay.over) return;
      const { t } = app;
      const open = orders.filter((order) => !isOver(stepOf(order, serverNow())))[0];
      app.show(
        { where: t('app.title'), back: false },
        open === undefined
          ? null
          : el(
              'a',
              { class: 'panel open', href: `#/o/${open.orderNo}` },
              el('strong', {}, t('homes.open')),
              el('span', {}, t('homes.openLook')),
            ),
        el('h1', {}, t(households.length === 0 ? 'homes.none' : 'homes.title')),
        households.length === 0 && el('p', { class: 'hint' }, t('homes.noneHint')),
        ...households.map(({ id, customer }) =>
          el(
            'a',
            { class: 'panel home', href: `#/h/${id}` },
            el('strong', {}, el('bdi', {}, customer.name)),
            el('span', {}, el('bdi', {}, customer.address)),
            el('span', { class: 'hint' }, t('homes.customerNo', { no: customer.customerNo })),
            meterLine(app, customer.meterTail),
          ),
        ),
        el(
          'a',
          { class: households.length === 0 ? 'button primary' : 'button second', href: '#/bind' },
          t(households.length === 0 ? 'homes.add' : 'homes.addMore'),
        ),
        households.length > 0 && forget(app),
      );
    },
    (error: unknown) => {
      if (!stay.over) app.failed(error, false);
    },
  );
};

function forget(app: App): HTMLElement {
  const { t } = app;
  const below = el('div');
  return el(
    'details',
    {},
    el('summary', {}, t('homes.forget')),
    el('p', { class: 'hint' }, t('homes.forgetAsk')),
    doing(app, {
      words: t('homes.forgetYes'),
      class: 'danger',
      below,
      run: async () => {
        await api.forget();
        app.draw();
      },
    }),
    below,
  );
}
