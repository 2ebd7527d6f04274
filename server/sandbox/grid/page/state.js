import { WORDS } from './words.js';

/** What was last heard of the world, and what is chosen on the page. */
export const state = {
  language: 'zh-CN',
  cards: [],
  meters: [],
  texts: [],
  tasks: [],
  terminals: [],
  clock: { now: '', day: '' },
  deposit: { availableFen: null, batch: 'open' },
  chosen: undefined,
  /** A card is between drawer and meter: nothing may be drawn anew under the pointer. */
  dragging: false,
  results: new Map(),
};
export const words = () => WORDS[state.language];
export const yuan = (fen) => (fen / 100).toFixed(2);

/** Meters keep Beijing time, wherever the page is looked at. */
export function beijing(iso) {
  return new Intl.DateTimeFormat(state.language, {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(new Date(iso));
}
