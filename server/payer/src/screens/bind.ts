import { api } from '../api.ts';
import { doing, type App, type Screen, type Stay } from '../app.ts';
import { el, fill } from '../dom.ts';
import { digitsOf } from '../format.ts';

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
  const again = el('div');
  const input = el('input', {
    id: 'code',
    class: 'code',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: '12',
    dir: 'ltr',
  });
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
      if (stay.over) return;
      const { name, address, customerNo: masked } = bound.customer;
      app.show(
        { where: t('app.title'), back: '/' },
        el('p', { class: 'answer', role: 'status' }, t('bind.done')),
        el(
          'div',
          { class: 'panel' },
          el('strong', {}, el('bdi', {}, name)),
          el('span', {}, el('bdi', {}, address)),
          el('span', { class: 'hint' }, t('homes.customerNo', { no: masked })),
        ),
        el('a', { class: 'button primary', href: `#/h/${bound.id}` }, t('bind.topUp')),
        el('a', { class: 'button second', href: '#/' }, t('done.home')),
      );
    },
  });
  let nextAt = Date.now() + init.resendAfterS * 1000;
  const drawAgain = (): void => {
    const s = Math.ceil((nextAt - Date.now()) / 1000);
    if (s > 0) {
      fill(again, el('p', { class: 'hint' }, t('bind.againIn', { s })));
      return;
    }
    if (again.querySelector('button') !== null) return;
    const resend = doing(app, {
      words: t('bind.again'),
      class: 'second',
      below,
      run: async () => {
        nextAt = Date.now() + (await api.askForCode(customerNo)).resendAfterS * 1000;
        drawAgain();
      },
    });
    fill(again, resend);
  };
  drawAgain();
  stay.every(1000, drawAgain);
  app.show(
    { where: t('bind.step2'), back: '/' },
    form(
      confirm,
      el('h1', {}, el('label', { for: 'code' }, t('bind.code'))),
      input,
      el('p', { class: 'hint' }, t('bind.codeHint')),
      below,
    ),
    again,
    el(
      'button',
      {
        class: 'second',
        onClick: () => {
          askNumber(app, stay, customerNo);
        },
      },
      t('bind.other'),
    ),
  );
  input.focus();
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
