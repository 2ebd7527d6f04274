import { element } from './element.js';
import { words } from './state.js';

/** As much of a terminal's number as tells it from the others. */
const shortNo = (terminalId) => terminalId.slice(0, 7);

/** A terminal at which a card may be looked at. */
export function drawTerminal(terminalId, turn) {
  const name = shortNo(terminalId);
  const node = element('button', { type: 'button', textContent: words().look(name) });
  node.addEventListener('click', () => turn('card-tasks', { terminalId }, () => words().asked(name)));
  return element('li', {}, node);
}

export function drawTask({ taskNo, terminalId, heard, end }) {
  const failure = end?.failure ? ` (${end.failure})` : '';
  const done = end?.done ?? heard.at(-1)?.done ?? 0;
  const serial = heard.map(({ answer }) => answer?.result?.serial).find((known) => known);
  return element(
    'li',
    { className: 'text' },
    element('small', { textContent: `${taskNo} · ${shortNo(terminalId)} · ${words().steps(done)}` }),
    element('span', { textContent: words().ends[end?.end ?? 'going'] + failure }),
    ...(serial ? [element('small', { textContent: serial })] : []),
  );
}
