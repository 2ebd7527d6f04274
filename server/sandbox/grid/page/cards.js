import { element, say } from './element.js';
import { state, words } from './state.js';

/** Brings the meter that a card belongs to into sight, and marks it. */
function showOwnMeter(card) {
  const own = document.querySelector(`[data-meter="${CSS.escape(card.meterNo ?? '')}"]`);
  own?.classList.add('target');
  own?.scrollIntoView({ block: 'nearest' });
}

/**
 * A card of the drawer. `onChosen`: another one, or none, is chosen; `onDropped`: it is not dragged any more.
 */
export function drawCard(card, { onChosen, onDropped }) {
  const away = card.place.in !== 'drawer';
  const note = state.language === 'en' ? card.noteEn : card.note;
  const node = element(
    'button',
    { type: 'button', className: card.meterNo === null ? 'card blank' : 'card', draggable: !away },
    element('span', { className: 'chip', ariaHidden: 'true' }),
    element(
      'span',
      {},
      element('strong', { textContent: card.label }),
      element('small', { textContent: note }),
      ...(away ? [element('small', { className: 'away', textContent: words().inReader })] : []),
    ),
  );
  node.setAttribute('aria-pressed', String(state.chosen === card.id));
  if (away) node.setAttribute('aria-disabled', 'true');
  node.dataset.card = card.id;
  node.addEventListener('click', () => {
    if (away) return;
    state.chosen = state.chosen === card.id ? undefined : card.id;
    say(state.chosen === undefined ? '' : words().chosen(card.label));
    onChosen();
    if (state.chosen !== undefined) showOwnMeter(card);
  });
  node.addEventListener('dragstart', (event) => {
    event.dataTransfer.setData('text/plain', card.id);
    event.dataTransfer.effectAllowed = 'move';
    state.dragging = true;
    // Shown once the drag has begun: a page that moves while it begins ends it.
    setTimeout(() => showOwnMeter(card));
  });
  node.addEventListener('dragend', () => {
    state.dragging = false;
    onDropped();
  });
  return element('li', {}, node);
}
