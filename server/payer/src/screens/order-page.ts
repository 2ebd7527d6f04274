import type { PayerOrder } from '@bianmin/purchase/api/payer';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import { api, serverNow } from '../api.ts';
import type { App, Stay } from '../app.ts';
import { doing } from '../doing.ts';
import { el, fill, type Child } from '../dom.ts';
import { grouped } from '../format.ts';
import type { OrderStep } from '../order-step.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { figures } from './figures.ts';
import { meterLine } from './meter-line.ts';

interface Shown {
  readonly order: PayerOrder;
  readonly step: OrderStep;
  /** Shows the order as an answer gave it. */
  readonly moved: (order: PayerOrder) => void;
}

/** What the page of an order shows in each step; what counts down ends with `stay`. */
export function orderParts(app: App, stay: Stay, shown: Shown): Child[] {
  const { t } = app;
  const { order, step } = shown;
  const amount = { yuan: yuan(order.paidFen) };
  switch (step.is) {
    case 'pay':
      return pay(app, stay, { order, step, moved: shown.moved });
    case 'pay-expired':
      return [title(app, 'pay.expired'), homeLink(app)];
    case 'going':
      return going(app, order, step);
    case 'choose':
      return choose(app, shown);
    case 'card':
      return [title(app, 'card.title'), el('p', {}, t('card.todo')), safe(app, order)];
    case 'credited':
      return credited(app, order);
    case 'written':
      return [answer(t('home.yuan', amount)), title(app, 'done.written'), ...ends(app, order)];
    case 'not-taken':
      return notTaken(app, order, step);
    case 'refunding':
    case 'refunded':
      return [
        title(app, step.is === 'refunding' ? 'refund.title' : 'refund.doneTitle', {
          yuan: yuan(order.refund === null ? order.paidFen : order.refund.fen),
        }),
        el('p', {}, t('refund.todo')),
        step.is === 'refunding' ? safe(app, order) : number(app, order),
        homeLink(app),
      ];
    case 'closed':
      return [title(app, 'closed.title'), homeLink(app)];
    case 'attention':
      return [title(app, 'go.attention'), safe(app, order)];
  }
}

function pay(app: App, stay: Stay, shown: Shown & { step: { url: string; until: number } }): Child[] {
  const { t } = app;
  const { order, step } = shown;
  const left = el('p', { class: 'hint' });
  const tick = (): void => {
    const s = Math.max(0, Math.round((step.until - serverNow()) / 1000));
    fill(left, t('pay.left', { m: Math.floor(s / 60), s: s % 60 }));
  };
  tick();
  stay.every(1000, tick);
  return [
    el('h1', {}, t('pay.for', { who: order.customer.name })),
    answer(t('home.yuan', { yuan: yuan(order.paidFen) })),
    el('p', { class: 'hint' }, el('bdi', {}, order.customer.address)),
    meterLine(app, order.customer.meterTail),
    el('a', { class: 'button primary', href: step.url, target: '_blank', rel: 'noopener' }, t('pay.go')),
    el('p', {}, t('pay.howTo')),
    left,
    cancel(app, shown),
  ];
}

function cancel(app: App, shown: Shown): HTMLElement {
  const below = el('div');
  const button = doing(app, {
    words: app.t('pay.cancel'),
    class: 'second',
    below,
    run: async () => {
      shown.moved(await api.cancel(shown.order.orderNo));
    },
  });
  return el('div', {}, button, below);
}

const STEPS: readonly WordKey[] = ['go.step1', 'go.step2', 'go.step3'];
/** With the sale it is in the account. */
const ACCOUNT_STEPS: readonly WordKey[] = ['go.step1', 'go.step2Account'];

function going(app: App, order: PayerOrder, step: { behind: number; silent: boolean }): Child[] {
  const { t } = app;
  const isAccount = order.kind === 'account';
  const behind = isAccount ? 1 : step.behind;
  const soon: WordKey = isAccount ? 'go.waitAccount' : 'go.wait';
  const wait: WordKey = !step.silent ? soon : step.behind === 1 ? 'go.silent' : 'go.creditingLong';
  const silentGrid = step.silent && step.behind === 1;
  return [
    silentGrid
      ? title(app, 'go.silentTitle')
      : el('p', { class: 'answer small', role: 'status' }, t('go.paid', { yuan: yuan(order.paidFen) })),
    el(
      'ol',
      { class: 'steps' },
      ...(isAccount ? ACCOUNT_STEPS : STEPS).map((words, index) =>
        el('li', { class: index < behind ? 'behind' : index === behind ? 'now' : 'ahead' }, t(words)),
      ),
    ),
    el('p', {}, t(wait)),
    safe(app, order),
  ];
}

function choose(app: App, shown: Shown): Child[] {
  const { t } = app;
  const { order, moved } = shown;
  const below = el('div');
  const options = order.choices || [];
  const option = (choice: 'card' | 'refund'): Child => {
    if (options.indexOf(choice) < 0) return null;
    const words: WordKey = choice === 'card' ? 'failed.card' : 'failed.refund';
    const hint: WordKey = choice === 'card' ? 'failed.cardHint' : 'failed.refundHint';
    return el(
      'div',
      {},
      doing(app, {
        words: t(words),
        class: choice === 'card' ? 'primary' : 'second',
        below,
        run: async () => {
          moved(await api.choose(order.orderNo, choice));
        },
      }),
      el('p', { class: 'hint' }, t(hint)),
    );
  };
  return [
    title(app, 'failed.title'),
    el('p', { class: 'warning' }, t('failed.safe', { yuan: yuan(order.paidFen) })),
    option('card'),
    option('refund'),
    below,
    number(app, order),
  ];
}

function credited(app: App, order: PayerOrder): Child[] {
  const { t } = app;
  const left = order.credit === undefined ? null : order.credit.balanceFen;
  return [
    title(app, doneTitle(order)),
    answer(t('home.yuan', { yuan: yuan(order.faceFen) })),
    left !== null &&
      order.bill === undefined &&
      el(
        'p',
        {},
        t(order.kind === 'account' ? 'done.account.balance' : 'done.balance', { yuan: yuan(left) }),
      ),
    ...flows(app, order),
    ...ends(app, order),
  ];
}

function doneTitle({ kind, bill }: PayerOrder): WordKey {
  if (kind !== 'account') return 'done.title';
  return bill === undefined ? 'done.account' : 'done.bill';
}

/** Whether electricity flows, where that is what the household waits for. */
function flows(app: App, { credit }: PayerOrder): Child[] {
  if (credit === undefined) return [];
  if (credit.restored === true) return [el('p', { class: 'answer small' }, app.t('done.restored'))];
  return credit.supply === 'off' ? [el('p', { class: 'warning' }, app.t('home.off'))] : [];
}

function notTaken(app: App, order: PayerOrder, step: { belowFen: number | undefined }): Child[] {
  const { t } = app;
  const below = step.belowFen === undefined ? null : { yuan: yuan(step.belowFen, 'short') };
  return [
    title(app, below === null ? 'not-taken.title' : 'not-taken.full'),
    el('p', { class: 'warning' }, t('not-taken.todo')),
    below === null ? el('p', {}, t('not-taken.again')) : el('p', {}, t('not-taken.below', below)),
    safe(app, order),
    ...ends(app, order),
  ];
}

function ends(app: App, order: PayerOrder): Child[] {
  return [
    el('a', { class: 'button primary', href: `#/r/${order.orderNo}` }, app.t('done.receipt')),
    homeLink(app),
  ];
}

function homeLink(app: App): HTMLElement {
  return el('a', { class: 'button second', href: '#/' }, app.t('done.home'));
}

function title(app: App, key: WordKey, values?: Readonly<Record<string, string>>): HTMLElement {
  return el('h1', { role: 'status' }, app.t(key, values));
}

function answer(words: string): HTMLElement {
  return el('p', { class: 'answer' }, words);
}

function safe(app: App, order: PayerOrder): HTMLElement {
  return el(
    'div',
    { class: 'panel' },
    el('span', {}, app.t('go.safe')),
    el('strong', { class: 'figures' }, el('bdi', {}, grouped(order.orderNo))),
  );
}

function number(app: App, order: PayerOrder): HTMLElement {
  return figures(app.t('receipt.orderNo'), grouped(order.orderNo));
}
