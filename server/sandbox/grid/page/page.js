// The sandbox's own page: no framework, no build. It asks /world and draws what it hears.

const WORDS = {
  'zh-CN': {
    title: '电表与电卡',
    lead: '把一张电卡拖到它的电表上；或先点卡，再点电表。',
    drawer: '卡片抽屉',
    street: '电表',
    other: 'English',
    inReader: '在读卡器里',
    insert: '插卡',
    insertThis: '把这张卡插进本户电表',
    count: (n) => `购电次数 ${n}`,
    yuan: '元',
    unopened: '尚未开户',
    pick: '请先在左边选一张卡',
    chosen: (label) => `已选：${label}。请点一块电表。`,
    credited: (sum) => `充入 ${sum} 元`,
    nothing: '没有充值（这次购电此前已入表，或卡上没有新的购电）',
    away: '沙箱没有应答，正在重试……',
  },
  en: {
    title: 'Meters and cards',
    lead: 'Drag a card onto its meter; or click the card, then the meter.',
    drawer: 'Card drawer',
    street: 'Meters',
    other: '中文',
    inReader: 'in a reader',
    insert: 'Insert a card',
    insertThis: 'Insert the card in its own meter',
    count: (n) => `Purchase count ${n}`,
    yuan: 'yuan',
    unopened: 'Not opened yet',
    pick: 'Choose a card on the left first',
    chosen: (label) => `Chosen: ${label}. Now click a meter.`,
    credited: (sum) => `${sum} yuan credited`,
    nothing: 'Nothing credited (already in the meter, or no new purchase on the card)',
    away: 'The sandbox does not answer; trying again…',
  },
};

/** Benches make thousands of households; nobody looks at those. */
const MOST_SHOWN = 60;

const state = { language: 'zh-CN', cards: [], meters: [], chosen: undefined, results: new Map() };
const words = () => WORDS[state.language];
const byId = (id) => document.getElementById(id);
const yuan = (fen) => (fen / 100).toFixed(2);

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

async function ask(path, body) {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`world/${path}`, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.message);
  return answer;
}

function say(text) {
  byId('news').textContent = text;
}

function drawCard(card) {
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
    draw();
    const own = state.chosen !== undefined && document.querySelector(`[data-meter="${card.meterNo}"]`);
    if (own) own.scrollIntoView({ block: 'nearest' });
  });
  node.addEventListener('dragstart', (event) => {
    event.dataTransfer.setData('text/plain', card.id);
    event.dataTransfer.effectAllowed = 'move';
  });
  return element('li', {}, node);
}

function resultLine(meterNo, display) {
  const result = state.results.get(meterNo);
  if (result === undefined) return element('p', { className: 'message', textContent: display });
  const good = result.error === null;
  const said = state.language === 'en' ? result.messageEn : result.message;
  const text = !good ? `${said} (Err-${String(result.error).padStart(2, '0')})` : said;
  return element('p', { className: `message ${good ? 'good' : 'bad'}`, textContent: text });
}

function drawMeter(meter) {
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
    element(
      'div',
      { className: 'glass' },
      balance,
      element('div', {
        className: 'count',
        textContent: meter.opened ? words().count(meter.count) : words().unopened,
      }),
    ),
    resultLine(meter.meterNo, state.language === 'en' ? meter.displayEn : meter.display),
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
    void insert(meter.meterNo, event.dataTransfer.getData('text/plain'));
  });
  return element('li', {}, node);
}

async function insert(meterNo, cardId) {
  try {
    const result = await ask(`meters/${meterNo}/insert`, { cardId });
    state.results.set(meterNo, result);
    state.chosen = undefined;
    const credit = result.creditedFen > 0 ? words().credited(yuan(result.creditedFen)) : words().nothing;
    const said = state.language === 'en' ? result.messageEn : result.message;
    say(result.error === null ? credit : said);
  } catch (error) {
    say(error.message);
  }
  await refresh();
}

function draw() {
  const focused = document.activeElement?.closest('[data-card]')?.dataset.card;
  for (const node of document.querySelectorAll('[data-i18n]')) node.textContent = words()[node.dataset.i18n];
  document.documentElement.lang = state.language;
  byId('language').textContent = words().other;
  byId('language').lang = state.language === 'en' ? 'zh-CN' : 'en';
  byId('cards').replaceChildren(...state.cards.slice(0, MOST_SHOWN).map(drawCard));
  byId('meters').replaceChildren(...state.meters.slice(0, MOST_SHOWN).map(drawMeter));
  if (focused !== undefined) document.querySelector(`[data-card="${CSS.escape(focused)}"]`)?.focus();
}

let shown = '';
async function refresh() {
  try {
    const [cards, meters] = await Promise.all([ask('cards'), ask('meters')]);
    if (byId('news').textContent === words().away) say('');
    const now = JSON.stringify([cards, meters, state.language, state.chosen, [...state.results]]);
    if (now === shown) return; // nothing happened: nothing moves, and a drag is not disturbed
    shown = now;
    Object.assign(state, { cards, meters });
    draw();
  } catch {
    say(words().away);
  }
}

byId('language').addEventListener('click', () => {
  state.language = state.language === 'en' ? 'zh-CN' : 'en';
  say('');
  draw();
});

await refresh();
setInterval(refresh, 1500);
