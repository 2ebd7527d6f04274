import type { App } from '../app.ts';
import { el } from '../dom.ts';

/** 表号尾号: which of a family's meters is meant; nothing where it is not known. */
export function meterLine({ t }: App, tail: string | undefined): HTMLElement | null {
  if (tail === undefined) return null;
  return el('p', { class: 'hint' }, el('bdi', {}, t('homes.meter', { no: tail })));
}
