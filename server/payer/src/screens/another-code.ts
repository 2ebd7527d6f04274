import { api } from '../api.ts';
import type { App, Stay } from '../app.ts';
import { doing } from '../doing.ts';
import { el, fill } from '../dom.ts';

/** Counts down until another code may be asked for, then offers it. */
export function anotherCode(
  app: App,
  stay: Stay,
  init: { customerNo: string; resendAfterS: number; below: HTMLElement },
): HTMLElement {
  const { t } = app;
  const { customerNo, below } = init;
  const again = el('div');
  let nextAt = Date.now() + init.resendAfterS * 1000;
  const draw = (): void => {
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
        draw();
      },
    });
    fill(again, resend);
  };
  draw();
  stay.every(1000, draw);
  return again;
}
