import type { ProofAnswer } from '@bianmin/purchase/api/payer';
import { api, serverNow } from '../api.ts';
import type { App, Screen, Stay } from '../app.ts';
import { el, fill } from '../dom.ts';

/** Six digits for a kiosk that is to sell by customer number. */
export const proofScreen: Screen = (app, stay, id) => {
  Promise.all([api.households(), api.proof(id)]).then(
    ([households, proof]) => {
      if (stay.over) return;
      const home = households.filter((each) => each.id === id)[0];
      render(app, stay, { id, proof, ending: home === undefined ? '' : home.customer.customerNo.slice(-4) });
    },
    (error: unknown) => {
      if (!stay.over) app.failed(error, '/');
    },
  );
};

function render(app: App, stay: Stay, init: { id: string; proof: ProofAnswer; ending: string }): void {
  const { t } = app;
  const until = Date.parse(init.proof.expiresAt);
  const left = el('p', { class: 'hint' });
  const digits = el('p', { class: 'answer code' }, el('bdi', {}, init.proof.proof.replace(/^(...)/, '$1 ')));
  const again = el(
    'button',
    {
      class: 'second',
      onClick: () => {
        app.draw();
      },
    },
    t('proof.again'),
  );
  const tick = (): void => {
    const s = Math.round((until - serverNow()) / 1000);
    if (s > 0) {
      fill(left, t('proof.left', { m: Math.floor(s / 60), s: s % 60 }));
      return;
    }
    fill(left, t('proof.over'));
    fill(digits, '—');
  };
  tick();
  stay.every(1000, tick);
  app.show(
    { where: t('home.kiosk'), back: `/h/${init.id}` },
    el('h1', {}, t('proof.title')),
    el('p', {}, t('proof.number', { no: init.ending })),
    digits,
    left,
    el('p', { class: 'warning' }, t('proof.warn')),
    again,
  );
}
