// The sandbox's own page: no framework, no build. It asks /world and draws what it hears.

const WORDS = {
  'zh-CN': {
    title: '电表与电卡',
    lead: '把一张电卡拖到它的电表上；或先点卡，再点电表。',
    drawer: '卡片抽屉',
    texts: '电力公司发的短信',
    noTexts: '还没有。手机上绑定一户时，验证码发到这里。',
    tasks: '远程看卡',
    noTerminals: '没有终端在线，或服务器没有打开 GRID_CARD_TASKS。',
    look: (terminal) => `看终端 ${terminal} 上的卡`,
    asked: (terminal) => `已请终端 ${terminal}。终端上的人要先同意，再插卡。`,
    steps: (n) => `已完成 ${n} 步`,
    ends: {
      going: '进行中',
      finished: '看完了',
      cancelled: '被撤销',
      declined: '终端上的人没有同意，或停下了',
      expired: '到时间了',
      removed: '卡被拔出',
      restarted: '终端重启了',
      failed: '没有做完',
      refused: '服务器没有接受',
    },
    customerNo: (no) => `户号 ${no}`,
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
    hour: '过 1 小时',
    day: '过 1 天',
    cut: '日切',
    now: (time, day) => `${time}，账务日 ${day}`,
    deposit: (sum, open) => `代收机构备付金 ${sum} 元${open ? '' : '，批次已关闭'}`,
    turned: (time) => `现在是 ${time}。各户用电已结算。`,
    cutDone: (day) => `账务日 ${day} 已日切，对账单可取。`,
    used: (kwh, tariff) => `${tariff}，本期已用 ${kwh} 度`,
    alarms: ['', '报警 1', '报警 2', '透支'],
    open: '已拉闸',
    links: {
      online: '',
      offline: '远程不在线',
      'answer-lost': '远程应答将丢失',
      slow: '远程很慢',
      dead: '无远程模块',
    },
    remote: (sum, name) => `远程充值：${name} 的电表充入 ${sum} 元`,
    remoteSum: (sum) => `远程充入合计 ${sum} 元`,
  },
  en: {
    title: 'Meters and cards',
    lead: 'Drag a card onto its meter; or click the card, then the meter.',
    drawer: 'Card drawer',
    texts: 'Texts from the grid',
    noTexts: 'None yet. When a phone binds a household, its code comes here.',
    tasks: 'Cards from afar',
    noTerminals: 'No terminal is there, or the server has no GRID_CARD_TASKS.',
    look: (terminal) => `Look at a card at ${terminal}`,
    asked: (terminal) => `Terminal ${terminal} is asked. The person there says yes, then puts the card in.`,
    steps: (n) => `${n} steps done`,
    ends: {
      going: 'Going on',
      finished: 'Finished',
      cancelled: 'Called off',
      declined: 'The person there said no, or stopped it',
      expired: 'Its time was over',
      removed: 'The card was taken out',
      restarted: 'The terminal was restarted',
      failed: 'Not gone on with',
      refused: 'The server did not take it',
    },
    customerNo: (no) => `Customer ${no}`,
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
    hour: '1 hour on',
    day: '1 day on',
    cut: 'Cut the day',
    now: (time, day) => `${time}, booking day ${day}`,
    deposit: (sum, open) => `Agent’s deposit ${sum} yuan${open ? '' : ', batch closed'}`,
    turned: (time) => `It is ${time} now. Everybody’s electricity is paid up to here.`,
    cutDone: (day) => `Day ${day} is cut; its bill can be had.`,
    used: (kwh, tariff) => `${tariff}; ${kwh} kWh in this period`,
    tariffs: {
      flat: 'Flat price',
      month: 'Tiers by the month',
      year: 'Tiers by the year',
      'time-of-use': 'Time of use',
    },
    alarms: ['', 'Alarm 1', 'Alarm 2', 'Overdrawn'],
    open: 'Switched off',
    links: {
      online: '',
      offline: 'Not reached from afar',
      'answer-lost': 'Next answer from afar is lost',
      slow: 'Slow from afar',
      dead: 'No module for credit from afar',
    },
    remote: (sum, name) => `From afar: ${sum} yuan credited to ${name}’s meter`,
    remoteSum: (sum) => `${sum} yuan from afar so far`,
  },
};

/** Benches make thousands of households; those need not be seen. */
const MOST_SHOWN = 60;
/** A code is good for five minutes: older texts are of no use. */
const MOST_TEXTS = 4;
const MOST_TASKS = 4;

const state = {
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

/** Meters keep Beijing time, wherever the page is looked at. */
function beijing(iso) {
  return new Intl.DateTimeFormat(state.language, {
    timeZone: 'Asia/Shanghai',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(new Date(iso));
}

function say(text) {
  byId('news').textContent = text;
}

/** Brings the meter that a card belongs to into sight, and marks it. */
function showOwnMeter(card) {
  const own = document.querySelector(`[data-meter="${CSS.escape(card.meterNo ?? '')}"]`);
  own?.classList.add('target');
  own?.scrollIntoView({ block: 'nearest' });
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
    shown = '';
    void refresh();
  });
  return element('li', {}, node);
}

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

function drawText({ customerNo, phone, code, text }) {
  return element(
    'li',
    { className: 'text' },
    element('small', { textContent: `${phone} · ${words().customerNo(customerNo)}` }),
    element('strong', { textContent: code }),
    element('span', { textContent: text, lang: 'zh-CN' }),
  );
}

/** As much of a terminal's number as tells it from the others. */
const shortNo = (terminalId) => terminalId.slice(0, 7);

function drawTerminal(terminalId) {
  const name = shortNo(terminalId);
  const node = element('button', { type: 'button', textContent: words().look(name) });
  node.addEventListener('click', () => turn('card-tasks', { terminalId }, () => words().asked(name)));
  return element('li', {}, node);
}

function drawTask({ taskNo, terminalId, heard, end }) {
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

function drawClock() {
  byId('now').dateTime = state.clock.now;
  byId('now').textContent = words().now(beijing(state.clock.now), state.clock.day);
  const { availableFen, batch } = state.deposit;
  byId('deposit').hidden = availableFen === null;
  byId('deposit').textContent =
    availableFen === null ? '' : words().deposit(yuan(availableFen), batch === 'open');
}

/** What came from afar since the last look. */
function sayRemote(meters) {
  for (const meter of meters) {
    const before = state.meters.find(({ meterNo }) => meterNo === meter.meterNo);
    const sum = before === undefined ? 0 : meter.remoteFen - before.remoteFen;
    if (sum > 0) say(words().remote(yuan(sum), meter.customerName));
  }
}

/** Does something to the whole street, and says what came of it. */
async function turn(path, body, told) {
  try {
    say(told(await ask(path, body)));
  } catch (error) {
    say(error.message);
  }
  await refresh();
}

function draw() {
  const focused = document.activeElement?.closest('[data-card]')?.dataset.card;
  const slot = document.activeElement?.closest('[data-meter]')?.dataset.meter;
  for (const node of document.querySelectorAll('[data-i18n]')) node.textContent = words()[node.dataset.i18n];
  document.documentElement.lang = state.language;
  byId('language').textContent = words().other;
  byId('language').lang = state.language === 'en' ? 'zh-CN' : 'en';
  byId('cards').replaceChildren(...state.cards.slice(0, MOST_SHOWN).map(drawCard));
  byId('no-texts').hidden = state.texts.length > 0;
  byId('texts').replaceChildren(...state.texts.map(drawText));
  byId('no-terminals').hidden = state.terminals.length > 0;
  byId('terminals').replaceChildren(...state.terminals.slice(0, MOST_SHOWN).map(drawTerminal));
  byId('tasks').replaceChildren(...state.tasks.map(drawTask));
  byId('meters').replaceChildren(...state.meters.slice(0, MOST_SHOWN).map(drawMeter));
  if (focused !== undefined) document.querySelector(`[data-card="${CSS.escape(focused)}"]`)?.focus();
  if (slot !== undefined) document.querySelector(`[data-meter="${CSS.escape(slot)}"] .slot`)?.focus();
}

let shown = '';
async function refresh() {
  try {
    const [cards, meters, { now: time }, { day }, sms, allTasks, terminals, deposit] = await Promise.all(
      ['cards', 'meters', 'clock', 'day', 'sms', 'card-tasks', 'card-tasks/terminals', 'deposit'].map(
        (path) => ask(path),
      ),
    );
    const texts = sms.slice(0, MOST_TEXTS);
    const tasks = allTasks.slice(-MOST_TASKS).reverse();
    if (byId('news').textContent === words().away) say('');
    state.clock = { now: time, day };
    state.deposit = deposit;
    drawClock();
    const now = JSON.stringify([
      cards,
      meters,
      texts,
      tasks,
      terminals,
      state.language,
      state.chosen,
      [...state.results],
    ]);
    if (now === shown || state.dragging) return; // nothing moves
    shown = now;
    sayRemote(meters);
    Object.assign(state, { cards, meters, texts, tasks, terminals });
    draw();
  } catch {
    say(words().away);
  }
}

for (const button of document.querySelectorAll('[data-hours]')) {
  button.addEventListener('click', () =>
    turn('clock', { advanceHours: Number(button.dataset.hours) }, ({ now }) => words().turned(beijing(now))),
  );
}
byId('cut').addEventListener('click', () => turn('day/cut', {}, ({ day }) => words().cutDone(day)));

byId('language').addEventListener('click', () => {
  state.language = state.language === 'en' ? 'zh-CN' : 'en';
  say('');
  draw();
  drawClock();
});

await refresh();
setInterval(refresh, 1500);
