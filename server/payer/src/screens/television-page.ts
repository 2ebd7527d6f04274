import type { PhoneView } from '@bianmin/purchase/api/phone-view';
import { yuan } from '@bianmin/purchase/i18n/yuan';
import type { App } from '../app.ts';
import { doing } from '../doing.ts';
import { el, type Child } from '../dom.ts';
import { grouped } from '../format.ts';
import { keepVisit, keptVisit } from '../kept-visit.ts';
import type { TelevisionStep } from '../television-step.ts';
import type { WordKey } from '../words/zh-cn.ts';
import { figures } from './figures.ts';
import { other } from './other-amount.ts';

interface Shown {
  readonly step: TelevisionStep;
  /** Tells the television which amount was chosen here. */
  readonly choose: (faceFen: number) => Promise<void>;
}

/** What the phone shows in each step of the television's purchase. */
export function televisionParts(app: App, { step, choose }: Shown): Child[] {
  const { t } = app;
  const { title, words, amount } = new Makers(app);
  switch (step.is) {
    case 'wait':
      return [el('p', { role: 'status' }, t('app.loading'))];
    case 'choose':
      return [
        whose(step.household),
        el('h1', {}, t('home.howMuch')),
        ...choices(app, { limits: step.limits, choose }),
      ];
    case 'sure':
      return [title('tv.sure'), amount(step.faceFen), words('tv.sureTodo')];
    case 'preparing':
      return [title('tv.preparing'), amount(step.faceFen)];
    case 'pay':
      return [title('tv.pay'), amount(step.paidFen), toPay(app, step.token), words('tv.payTodo')];
    case 'code':
      return [title('tv.code'), amount(step.paidFen), words('tv.codeTodo')];
    default:
      return partsAfterPaying(app, step);
  }
}

type StepAfterPaying = Exclude<
  TelevisionStep,
  { readonly is: 'wait' | 'choose' | 'sure' | 'preparing' | 'pay' | 'code' }
>;

function partsAfterPaying(app: App, step: StepAfterPaying): Child[] {
  const { t } = app;
  const { title, words, amount, kept, order } = new Makers(app);
  switch (step.is) {
    case 'paid':
      return [
        title('go.paid', step.paidFen),
        el('p', { class: 'warning' }, t('tv.keep')),
        order(step.orderNo),
      ];
    case 'writing':
      return [
        title('tv.writing', step.faceFen),
        el('progress', { max: '1', value: String(step.progress) }),
        el('p', { class: 'warning' }, t('tv.keep')),
        order(step.orderNo),
      ];
    case 'done':
      return [
        title(step.onCard ? 'done.written' : 'done.title'),
        amount(step.faceFen),
        kept('receipt.code', step.receiptCode),
        order(step.orderNo),
      ];
    case 'crediting':
      return [title('go.paid', step.paidFen), words('go.wait'), order(step.orderNo)];
    case 'pulled':
      return [title('tv.pulled'), words('tv.pulledTodo'), step.paid && words('tv.safe'), order(step.orderNo)];
    case 'silent':
      return [title('go.silentTitle'), words('go.silent'), order(step.orderNo)];
    case 'closed':
      return [title('closed.title'), words('tv.overTodo')];
    case 'refund':
      return [
        title(step.done ? 'refund.doneTitle' : 'refund.title', step.fen),
        words('refund.todo'),
        order(step.orderNo),
      ];
    case 'look':
      return [
        title('tv.look'),
        words('tv.lookTodo'),
        words(step.nothingTaken ? 'tv.nothing' : 'tv.safe'),
        order(step.orderNo),
      ];
    case 'away':
      return [title('tv.away'), words('tv.awayTodo'), words('tv.safe'), order(step.orderNo)];
    case 'over':
      return [title('tv.over'), words('tv.overTodo'), words('tv.safe'), order(step.orderNo)];
  }
}

/** The parts that most steps are made of. */
class Makers {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  readonly title = (key: WordKey, fen = 0): HTMLElement =>
    el('h1', { role: 'status' }, this.#app.t(key, { yuan: yuan(fen, 'short') }));
  readonly words = (key: WordKey): HTMLElement => el('p', {}, this.#app.t(key));
  readonly amount = (fen: number): HTMLElement =>
    el('p', { class: 'answer' }, this.#app.t('home.yuan', { yuan: yuan(fen, 'short') }));
  readonly kept = (label: WordKey, value: string | null): Child =>
    value !== null && figures(this.#app.t(label), value);
  readonly order = (no: string | null): Child =>
    this.kept('receipt.orderNo', no === null ? null : grouped(no));
}

function whose(household: PhoneView['household']): Child {
  if (household === undefined) return null;
  return el('p', { class: 'hint' }, el('bdi', {}, household.name), ' ', el('bdi', {}, household.address));
}

function choices(
  app: App,
  init: { limits: NonNullable<PhoneView['limits']>; choose: (faceFen: number) => Promise<void> },
): Child[] {
  const { limits, choose } = init;
  const below = el('div');
  const presets = limits.presetsFen.map((fen) =>
    doing(app, {
      words: app.t('home.yuan', { yuan: yuan(fen, 'short') }),
      below,
      run: () => choose(fen),
    }),
  );
  return [
    el('div', { class: 'amounts' }, ...presets),
    other(app, { minFen: limits.minFen, maxFen: limits.maxFen, below, buy: choose }),
    below,
    el('p', { class: 'hint' }, app.t('tv.chooseTodo')),
  ];
}

/** The order's own page, in this tab: it leads back once the money is there. */
function toPay({ t }: App, token: string): HTMLElement {
  const link = el('a', { class: 'button primary', href: `/p/${token}` }, t('pay.go'));
  link.addEventListener('click', () => {
    const visit = keptVisit();
    if (visit !== undefined) keepVisit(Object.assign({}, visit, { pays: token }));
  });
  return link;
}
