import type { BindingView } from '@bianmin/purchase/api/payer';
import { api } from '../api.ts';
import type { App, Screen, Stay } from '../app.ts';
import { doing } from '../doing.ts';
import { el, fill } from '../dom.ts';
import { digitsOf } from '../format.ts';
import { anotherCode } from './another-code.ts';
import { meterLine } from './meter-line.ts';

/** Binding in two questions: which number, which code. */
export const bindScreen: Screen = (app, stay) => {
  askNumber(app, stay, '');
};

function askNumber(app: App, stay: Stay, before: string): void {
  const { t } = app;
  const below = el('div');
  const input = el('input', {
    id: 'number',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    maxlength: '30',
    dir: 'ltr',
    value: before,
  });
  const send = doing(app, {
    words: t('bind.send'),
    below,
    run: async () => {
      const customerNo = digitsOf(input.value);
      if (customerNo.length < 6 || customerNo.length > 20) {
        fill(below, el('p', { class: 'trouble', role: 'alert' }, t('bind.numberBad')));
        return;
      }
      const { resendAfterS } = await api.askForCode(customerNo);
      if (!stay.over) askCode(app, stay, { customerNo, resendAfterS });
    },
  });
  app.show(
    { where: t('bind.step1'), back: '/' },
    form(
      send,
      el('h1', {}, el('label', { for: 'number' }, t('bind.number'))),
      input,
      el('p', { class: 'hint' }, t('bind.numberHint')),
      below,
    ),
  );
  input.focus();
}

function askCode(app: App, stay: Stay, init: { customerNo: string; resendAfterS: number }): void {
  const { t } = app;
  const { customerNo } = init;
  const below = el('div');
  const input = codeInput();
  const confirm = doing(app, {
    words: t('bind.confirm'),
    below,
    run: async () => {
      const code = digitsOf(input.value);
      if (code.length !== 6) {
        fill(below, el('p', { class: 'trouble', role: 'alert' }, t('bind.codeBad')));
        return;
      }
      const bound = await api.bind(customerNo, code);
      if (!stay.over) showBound(app, bound);
    },
  });
  const other = el(
    'button',
    {
      class: 'second',
      onClick: () => {
        askNumber(app, stay, customerNo);
      },
    },
    t('bind.other'),
  );
  app.show(
    { where: t('bind.step2'), back: '/' },
    form(
      confirm,
      el('h1', {}, el('label', { for: 'code' }, t('bind.code'))),
      input,
      el('p', { class: 'hint' }, t('bind.codeHint')),
      below,
    ),
    anotherCode(app, stay, { customerNo, resendAfterS: init.resendAfterS, below }),
    other,
  );
  input.focus();
}

function codeInput(): HTMLInputElement {
  return el('input', {
    id: 'code',
    class: 'code',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: '12',
    dir: 'ltr',
  });
}

function showBound(app: App, { id, customer }: BindingView): void {
  const { t } = app;
  app.show(
    { where: t('app.title'), back: '/' },
    el('p', { class: 'answer', role: 'status' }, t('bind.done')),
    el(
      'div',
      { class: 'panel' },
      el('strong', {}, el('bdi', {}, customer.name)),
      el('span', {}, el('bdi', {}, customer.address)),
      el('span', { class: 'hint' }, t('homes.customerNo', { no: customer.customerNo })),
      meterLine(app, customer.meterTail),
    ),
    el('a', { class: 'button primary', href: `#/h/${id}` }, t('bind.topUp')),
    el('a', { class: 'button second', href: '#/' }, t('done.home')),
  );
}

/** The keyboard's own key does what the button does. */
function form(button: HTMLButtonElement, ...children: readonly HTMLElement[]): HTMLElement {
  return el(
    'form',
    {
      onSubmit: () => {
        button.click();
      },
    },
    ...children,
    button,
  );
}
