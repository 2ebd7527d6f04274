import { el } from '../dom.ts';

/** A number that the payer may want to read out or keep, under what it is called. */
export function figures(label: string, value: string): HTMLElement {
  return el(
    'div',
    { class: 'panel' },
    el('span', { class: 'hint' }, label),
    el('strong', { class: 'figures' }, el('bdi', {}, value)),
  );
}
