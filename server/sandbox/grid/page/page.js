// The sandbox's own page: no framework, no build. It asks /world and draws what it hears.

import { ask } from './ask.js';
import { drawCard } from './cards.js';
import { byId, say } from './element.js';
import { drawMeter } from './meters.js';
import { beijing, state, words, yuan } from './state.js';
import { drawTask, drawTerminal } from './tasks.js';
import { drawText } from './texts.js';

/** Benches make thousands of households; those need not be seen. */
const MOST_SHOWN = 60;
/** A code is good for five minutes: older texts are of no use. */
const MOST_TEXTS = 4;
const MOST_TASKS = 4;

/** What was drawn last, so that nothing is drawn anew for nothing. */
let shown = '';

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

/** A drag is over: what was heard meanwhile is drawn. */
function onDropped() {
  shown = '';
  void refresh();
}

function draw() {
  const focused = document.activeElement?.closest('[data-card]')?.dataset.card;
  const slot = document.activeElement?.closest('[data-meter]')?.dataset.meter;
  for (const node of document.querySelectorAll('[data-i18n]')) node.textContent = words()[node.dataset.i18n];
  document.documentElement.lang = state.language;
  byId('language').textContent = words().other;
  byId('language').lang = state.language === 'en' ? 'zh-CN' : 'en';
  byId('cards').replaceChildren(
    ...state.cards.slice(0, MOST_SHOWN).map((card) => drawCard(card, { onChosen: draw, onDropped })),
  );
  byId('no-texts').hidden = state.texts.length > 0;
  byId('texts').replaceChildren(...state.texts.map(drawText));
  byId('no-terminals').hidden = state.terminals.length > 0;
  byId('terminals').replaceChildren(
    ...state.terminals.slice(0, MOST_SHOWN).map((terminal) => drawTerminal(terminal, turn)),
  );
  byId('tasks').replaceChildren(...state.tasks.map(drawTask));
  byId('meters').replaceChildren(
    ...state.meters.slice(0, MOST_SHOWN).map((meter) => drawMeter(meter, insert)),
  );
  if (focused !== undefined) document.querySelector(`[data-card="${CSS.escape(focused)}"]`)?.focus();
  if (slot !== undefined) document.querySelector(`[data-meter="${CSS.escape(slot)}"] .slot`)?.focus();
}

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
