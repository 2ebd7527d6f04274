import type { BindingDetails } from '@bianmin/purchase/api/payer';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { api, newKey } from '../api.ts';
import type { App, Screen } from '../app.ts';
import { doing } from '../doing.ts';
import { el, fill, type Child } from '../dom.ts';
import { chinaTime } from '../format.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { billParts } from './bills.ts';
import { meterLine } from './meter-line.ts';
import { other } from './other-amount.ts';

const BLOCKED: Readonly<Record<'meter.not-remote' | 'meter.order-open', WordKey>> = {
  'meter.not-remote': 'home.notRemote',
  'meter.order-open': 'home.busy',
};

/** One household: what is left, how much to top up. */
export const homeScreen: Screen = (app, stay, id) => {
  const show = (home: BindingDetails, told?: HTMLElement): void => {
    if (!stay.over) shown(app, home, { told, again: show });
  };
  api.household(id).then(show, (error: unknown) => {
    if (!stay.over) app.failed(error, '/');
  });
};

/** `again`: shows what the meter said since, and words about that. */
interface More {
  readonly told: HTMLElement | undefined;
  readonly again: (home: BindingDetails, told?: HTMLElement) => void;
}

function shown(app: App, home: BindingDetails, more: More): void {
  const { t } = app;
  const { customer, meter } = home;
  app.show(
    { where: customer.name, back: '/' },
    el('p', { class: 'hint' }, el('bdi', {}, customer.address)),
    meterLine(app, customer.meterTail),
    meter.balanceFen === null
      ? el('p', { class: 'hint' }, t('home.leftNever'))
      : el(
          'div',
          { class: 'left' },
          el('p', { class: 'hint' }, t(leftWords(home))),
          el('p', { class: 'answer' }, t('home.yuan', { yuan: yuan(meter.balanceFen) })),
          meter.readAt !== null &&
            !meter.live &&
            el('p', { class: 'hint' }, t('home.leftAt', { date: chinaTime(meter.readAt) })),
        ),
    meter.arrearsFen > 0 &&
      el('p', { class: 'warning' }, t('home.arrears', { yuan: yuan(meter.arrearsFen) })),
    home.supply === 'off' && el('p', { class: 'warning' }, t('home.off')),
    more.told || false,
    ...billParts(app, home),
    ...buying(app, home, more),
    remove(app, home.id),
  );
}

function leftWords({ delivery, meter }: BindingDetails): WordKey {
  if (delivery === 'account') return 'home.leftAccount';
  return meter.live ? 'home.leftNow' : 'home.left';
}

function buying(app: App, home: BindingDetails, more: More): Child[] {
  const { t } = app;
  const { blocked, today, limits } = home;
  const kiosk = el('a', { class: 'button second', href: `#/k/${home.id}` }, t('home.kiosk'));
  if (blocked !== null) {
    if (blocked === 'meter.previous-not-inserted') return [...inserted(app, home.id, more), kiosk];
    const words = el('p', { class: 'warning', role: 'status' }, t(BLOCKED[blocked]));
    return blocked === 'meter.order-open' ? [words] : [words, kiosk];
  }
  if (limits.maxFen < limits.minFen && home.meter.live && home.delivery !== 'account') {
    return [el('p', { class: 'warning', role: 'status' }, t('home.full'))];
  }
  const maxFen = Math.min(limits.maxFen, Math.floor(today.fenLeft / limits.stepFen) * limits.stepFen);
  if (today.ordersLeft === 0 || maxFen < limits.minFen) {
    return [el('p', { class: 'warning', role: 'status' }, t('home.notToday')), kiosk];
  }
  const below = el('div');
  // One intention to buy, one key: pressing again after no answer gives the same order.
  const keys: Record<number, string> = {};
  const buy = async (faceFen: number): Promise<void> => {
    const idempotencyKey = keys[faceFen] || (keys[faceFen] = newKey());
    const order = await api.buy({ bindingId: home.id, faceFen, idempotencyKey });
    app.go(`/o/${order.orderNo}`);
  };
  const presets = limits.presetsFen
    .filter((fen) => fen <= maxFen)
    .map((fen) =>
      doing(app, { words: t('home.yuan', { yuan: yuan(fen, 'short') }), below, run: () => buy(fen) }),
    );
  return [
    el('h1', {}, t('home.howMuch')),
    home.delivery === 'account' && el('p', {}, t('home.account')),
    el('div', { class: 'amounts' }, ...presets),
    other(app, { minFen: limits.minFen, maxFen, below, buy }),
    below,
    el('p', { class: 'hint' }, t('home.today', { n: today.ordersLeft, yuan: yuan(today.fenLeft, 'short') })),
    kiosk,
  ];
}

/** The card has been in the meter, says the household: the meter itself is asked. */
function inserted(app: App, id: string, { told, again }: More): HTMLElement[] {
  const { t } = app;
  const below = el('div');
  const words = told || el('p', { class: 'warning', role: 'status' }, t('home.notInserted'));
  const button = doing(app, {
    words: t('home.inserted'),
    below,
    run: async () => {
      fill(words, t('home.asking'));
      const home = await api.askMeter(id).catch((error: unknown) => {
        fill(words, t('home.notInserted'));
        throw error;
      });
      const key = heard(home);
      const urgent = home.blocked === null ? 'hint' : 'warning';
      again(home, key && el('p', { class: urgent, role: 'status' }, t(key)));
    },
  });
  return told ? [button, below] : [words, button, below];
}

/** What is true of the last purchase, now that the meter was asked; nothing where something else is in the way. */
function heard({ blocked, meter }: BindingDetails): WordKey | undefined {
  if (blocked === null) return 'home.heard';
  if (blocked !== 'meter.previous-not-inserted') return undefined;
  return meter.live ? 'home.notInMeter' : 'home.notHeard';
}

function remove(app: App, id: string): HTMLElement {
  const { t } = app;
  const below = el('div');
  return el(
    'details',
    {},
    el('summary', {}, t('home.remove')),
    el('p', { class: 'hint' }, t('home.removeAsk')),
    doing(app, {
      words: t('home.removeYes'),
      class: 'danger',
      below,
      run: async () => {
        await api.removeHousehold(id);
        app.go('/');
      },
    }),
    below,
  );
}
