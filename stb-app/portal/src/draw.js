/**
 * A new element at the end of `parent`.
 *
 * @param {HTMLElement} parent
 * @param {string} kind
 * @param {string} className
 * @param {string} [words]
 * @returns {HTMLElement}
 */
function put(parent, kind, className, words) {
  var element = document.createElement(kind);
  element.className = className;
  element.textContent = words || '';
  parent.appendChild(element);
  return element;
}

/** @type {PageScreen | null} */
var drawn = null;
/** @type {{ choice: Choice, element: HTMLElement }[]} */
var offered = [];
/** Of `offered`; -1: nothing, where a screen asks nothing and an OK pressed by habit must do nothing. */
var focused = -1;
/** @type {HTMLElement | null} */
var clockElement = null;

/**
 * Draws a screen anew. The focus stays where it was on a screen of the same name.
 *
 * @param {PageScreen} screen
 * @param {Choice} languages the switch in the corner
 */
function draw(screen, languages) {
  var kept =
    drawn !== null && drawn.name === screen.name && offered[focused] ? offered[focused].choice.id : '';
  drawn = screen;
  offered = [];
  clockElement = null;
  document.documentElement.lang = language;
  document.documentElement.dir = directions[language];
  var page = /** @type {HTMLElement} */ (document.getElementById('page'));
  page.innerHTML = '';
  page.className = screen.code || screen.codeNote ? 'with-code' : '';
  var top = put(page, 'div', 'top');
  put(top, 'span', 'where', say('portal.name'));
  var body = put(page, 'div', 'body');
  if (page.className) putCode(body, screen);
  putWords(put(body, 'div', 'said'), screen);
  if (offered.length > 0) put(page, 'p', 'keys', say('keys'));
  putChoice(top, languages);
  page.setAttribute('data-screen', screen.name);
  focus(startOf(kept));
}

/**
 * Where the focus begins: where it was, else at what holds now, where an OK by habit changes nothing, else
 * at the first choice of the screen.
 *
 * @param {string} kept
 */
function startOf(kept) {
  var chosen = 0;
  for (var i = 0; i < offered.length; i++) {
    if (offered[i].choice.id === kept) return i;
    if (offered[i].choice.chosen) chosen = i;
  }
  // Last is the switch in the corner.
  return offered.length > 1 ? chosen : -1;
}

/**
 * @param {HTMLElement} said
 * @param {PageScreen} screen
 */
function putWords(said, screen) {
  put(said, 'h1', screen.tone || '', screen.title);
  if (screen.answer !== undefined) put(said, 'p', 'answer', screen.answer);
  putLines(said, '', screen.lines);
  if (screen.steps !== undefined) putSteps(put(said, 'div', 'steps'), screen.steps);
  if (screen.progress !== undefined)
    put(put(said, 'div', 'bar'), 'div', 'full').style.width = Math.round(screen.progress * 100) + '%';
  if (screen.clock !== undefined) clockElement = put(said, 'p', 'clock', screen.clock());
  var choices = screen.choices || [];
  var row = put(said, 'div', 'choices');
  for (var i = 0; i < choices.length; i++) putChoice(row, choices[i]);
  putLines(said, 'small', screen.small);
}

/**
 * @param {HTMLElement} said
 * @param {string} className
 * @param {string[]} [lines] an empty one is none
 */
function putLines(said, className, lines) {
  for (var i = 0; lines !== undefined && i < lines.length; i++)
    if (lines[i]) put(said, 'p', className, lines[i]);
}

/**
 * @param {HTMLElement} row
 * @param {Choice} choice
 */
function putChoice(row, choice) {
  var className = 'choice' + (choice.big ? ' big' : '') + (choice.chosen ? ' chosen' : '');
  var element = put(row, 'div', className, choice.words);
  element.setAttribute('data-id', choice.id);
  var at = offered.push({ choice: choice, element: element }) - 1;
  // For a mouse or a finger: not `onclick` of a picture, over which Huawei's boxes draw a cursor of their own.
  element.addEventListener('click', function () {
    focus(at);
    choice.act();
  });
}

/**
 * @param {HTMLElement} list
 * @param {{ done: boolean, now: boolean, words: string }[]} steps
 */
function putSteps(list, steps) {
  for (var i = 0; i < steps.length; i++) {
    var step = put(list, 'p', steps[i].done ? 'done' : steps[i].now ? 'now' : '');
    put(step, 'span', 'mark', steps[i].done ? '✓' : String(i + 1));
    put(step, 'span', 'step', steps[i].words);
  }
}

/**
 * @param {HTMLElement} body
 * @param {PageScreen} screen
 */
function putCode(body, screen) {
  var place = put(body, 'div', 'code');
  var rows = screen.code ? qrOf(screen.code) : null;
  if (rows === null) put(place, 'p', 'note', screen.codeNote);
  else drawCode(/** @type {HTMLCanvasElement} */ (put(place, 'canvas', '')), rows);
  if (screen.codeWords) put(place, 'p', 'under', screen.codeWords);
}

/**
 * In whole pixels a module, with the four white modules around that readers need.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {boolean[][]} rows
 */
function drawCode(canvas, rows) {
  var room = document.body.className === 'sd' ? 230 : 360;
  var module = Math.max(2, Math.floor(room / (rows.length + 8)));
  var size = module * (rows.length + 8);
  canvas.width = size;
  canvas.height = size;
  var pen = canvas.getContext('2d');
  if (pen === null) return;
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = '#000';
  for (var y = 0; y < rows.length; y++)
    for (var x = 0; x < rows.length; x++)
      if (rows[y][x]) pen.fillRect((x + 4) * module, (y + 4) * module, module, module);
}

/** @param {number} at */
function focus(at) {
  var before = offered[focused];
  if (before !== undefined) before.element.className = before.element.className.replace(' focused', '');
  focused = at;
  if (offered[at] !== undefined) offered[at].element.className += ' focused';
}

/** @param {string} direction */
function moveFocus(direction) {
  var places = [];
  for (var i = 0; i < offered.length; i++) places.push(offered[i].element.getBoundingClientRect());
  focus(focused < 0 ? places.length - 1 : nearest(places, focused, direction));
}

function pressFocused() {
  if (offered[focused] !== undefined) offered[focused].choice.act();
}

/** What a second changes. */
function tick() {
  if (drawn === null || drawn.clock === undefined || clockElement === null) return;
  var words = drawn.clock();
  if (clockElement.textContent !== words) clockElement.textContent = words;
}
