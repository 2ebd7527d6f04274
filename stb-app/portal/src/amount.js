/** Yuan that are being typed, '' for none. */
var typed = '';

/**
 * @param {View} view
 * @param {(command: Command) => void} send
 * @param {() => void} changed
 * @returns {PageScreen}
 */
function amountScreen(view, send, changed) {
  var limits = /** @type {Limits} */ (view.limits);
  var busy = view.busyFen != null;
  /** @type {(fen: number) => () => void} */
  function choose(fen) {
    return function () {
      if (!busy) send({ type: 'choose-amount', faceFen: fen });
    };
  }
  var range = say('amount.limits', { min: yuan(limits.minFen, true), max: yuan(limits.maxFen, true) });
  /** @type {PageScreen} */
  var screen = {
    name: 'amount',
    title: say('amount.title'),
    lines: [busy ? say('amount.working') : range, busy || typed !== '' ? '' : say('amount.digits')],
    choices: [],
    digit: function (digit) {
      if (busy || (typed + digit).length > 5) return;
      typed = String(Number(typed + digit) || '');
      changed();
    },
    erase: function () {
      if (typed === '') return false;
      typed = typed.slice(0, -1);
      changed();
      return true;
    },
    back: function () {
      if (typed === '') send({ type: 'back' });
      else {
        typed = '';
        changed();
      }
    },
  };
  var choices = /** @type {Choice[]} */ (screen.choices);
  if (typed !== '') {
    var fen = Number(typed) * 100;
    var fits = fen >= limits.minFen && fen <= limits.maxFen && fen % limits.stepFen === 0;
    // What fits is offered first, with the focus on it.
    screen.name = fits ? 'amount-typed' : 'amount-typing';
    screen.answer = say('amount.yuan', { yuan: typed });
    if (fits) choices.push({ id: 'ok', words: say('amount.ok'), act: choose(fen) });
    choices.push({
      id: 'erase',
      words: say('amount.erase'),
      act: function () {
        /** @type {() => boolean} */ (screen.erase)();
      },
    });
    return screen;
  }
  for (var i = 0; i < limits.presetsFen.length; i++) {
    var preset = limits.presetsFen[i];
    choices.push({
      id: 'fen' + preset,
      words: say('amount.yuan', { yuan: yuan(preset, true) }),
      act: choose(preset),
      chosen: view.busyFen === preset,
      big: true,
    });
  }
  return screen;
}
