import { element, say } from './element.js';
import { state, words, yuan } from './state.js';

function resultLine(meter) {
  const display = state.language === 'en' ? meter.displayEn : meter.display;
  const result = state.results.get(meter.meterNo);
  // Something happened to the meter since the card was in it: its own display knows better.
  if (result === undefined || result.message !== meter.display) {
    return element('p', { className: 'message', textContent: display });
  }
  const good = result.error === null;
  const said = state.language === 'en' ? result.messageEn : result.message;
  const text = !good ? `${said} (Err-${String(result.error).padStart(2, '0')})` : said;
  return element('p', { className: `message ${good ? 'good' : 'bad'}`, textContent: text });
}

/** What a meter's lamps say, each in words. */
function lamps(meter) {
  const lamp = (className, textContent) =>
    textContent === '' ? [] : [element('span', { className: `lamp ${className}`, textContent })];
  return element(
    'div',
    { className: 'lamps' },
    ...lamp(
      meter.alarm === 1 ? 'warn' : 'bad',
      meter.relayOpen ? words().open : meter.opened ? words().alarms[meter.alarm] : '',
    ),
    ...lamp('plain', words().links[meter.link]),
  );
}

/** A tariff bears the grid's own name, which is Chinese. */
function tariffOf(meter) {
  return state.language === 'en' ? words().tariffs[meter.tariffKind] : meter.tariff;
}

/** A meter of the street. `insert`: a card is put in it. */
export function drawMeter(meter, insert) {
  const chosen = state.cards.find((card) => card.id === state.chosen);
  const balance = element('div', {
    className: meter.balanceFen < 0 ? 'balance owing' : 'balance',
    textContent: yuan(meter.balanceFen),
  });
  balance.append(element('span', { className: 'unit', textContent: words().yuan }));
  const own = chosen !== undefined && chosen.meterNo === meter.meterNo;
  const slot = element('button', {
    type: 'button',
    className: 'slot',
    textContent: own ? words().insertThis : words().insert,
  });
  const node = element(
    'article',
    { className: own ? 'meter target' : 'meter' },
    element('strong', { textContent: meter.customerName }),
    element('small', { textContent: meter.meterNo }),
    element('small', { textContent: words().customerNo(meter.customerNo) }),
    lamps(meter),
    element(
      'div',
      { className: 'glass' },
      balance,
      element('div', {
        className: 'count',
        textContent: meter.opened ? words().count(meter.count) : words().unopened,
      }),
    ),
    resultLine(meter),
    element('small', { textContent: words().used((meter.usedWh / 1000).toFixed(1), tariffOf(meter)) }),
    ...(meter.remoteFen > 0
      ? [element('small', { className: 'remote', textContent: words().remoteSum(yuan(meter.remoteFen)) })]
      : []),
    slot,
  );
  node.dataset.meter = meter.meterNo;
  slot.addEventListener('click', () => {
    if (state.chosen === undefined) return say(words().pick);
    return insert(meter.meterNo, state.chosen);
  });
  node.addEventListener('dragover', (event) => {
    event.preventDefault();
    node.classList.add('over');
  });
  node.addEventListener('dragleave', () => node.classList.remove('over'));
  node.addEventListener('drop', (event) => {
    event.preventDefault();
    state.dragging = false;
    void insert(meter.meterNo, event.dataTransfer.getData('text/plain'));
  });
  return element('li', {}, node);
}
