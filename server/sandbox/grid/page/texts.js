import { element } from './element.js';
import { words } from './state.js';

/** A text that the grid sent. */
export function drawText({ customerNo, phone, code, text }) {
  return element(
    'li',
    { className: 'text' },
    element('small', { textContent: `${phone} · ${words().customerNo(customerNo)}` }),
    element('strong', { textContent: code }),
    element('span', { textContent: text, lang: 'zh-CN' }),
  );
}
