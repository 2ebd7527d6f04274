/** Presses closer together are one: remotes bounce. */
var BOUNCE_MS = 100;
/** Not a press: something is in the box's queue. */
var VIRTUAL_EVENT = 0x0300;
/** 19 to 22 are Android's own, which some boxes hand on; letters are aliases of portals' remotes. */
/** @type {Record<number, string>} */
var MOVES = {
  37: 'left',
  38: 'up',
  39: 'right',
  40: 'down',
  19: 'up',
  20: 'down',
  21: 'left',
  22: 'right',
  65: 'left',
  68: 'right',
  87: 'up',
  83: 'down',
};
/** Exit, and back of all makers and provinces: 8; 27; 640; 24 (Liaoning Unicom); 399 (Guangxi); 4; 65535; 280. */
var BACKS = [8, 27, 640, 24, 399, 4, 65535, 280];

/**
 * What a key means: an arrow's name, `ok`, `back`, `erase`, `virtual`, a digit's, or '' for none of these.
 *
 * @param {number} code
 * @returns {string}
 */
function pressOf(code) {
  if (code === VIRTUAL_EVENT) return 'virtual';
  if (MOVES[code] !== undefined) return MOVES[code];
  if (code === 13 || code === 23) return 'ok';
  if (BACKS.indexOf(code) >= 0) return 'back';
  if (code === 46) return 'erase';
  if (code >= 48 && code <= 57) return String(code - 48);
  if (code >= 96 && code <= 105) return String(code - 96);
  return '';
}

/**
 * Hands each key on, but the bounce of the last.
 *
 * @param {(press: string) => void} pressed
 */
function listenToKeys(pressed) {
  var last = -Infinity;
  document.onkeydown = function (event) {
    var press = pressOf(event.which || event.keyCode);
    if (press === '') return;
    // Arrows would scroll, and back would leave.
    event.preventDefault();
    if (press === 'virtual') {
      takeVirtualEvent();
      return;
    }
    var now = new Date().getTime();
    // A clock that was put right goes back in time.
    if (now >= last && now - last < BOUNCE_MS) return;
    last = now;
    pressed(press);
  };
}
