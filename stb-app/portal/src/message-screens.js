/**
 * Views that say what is true, what to do, and that the money is safe; null for one that these pages do not know.
 *
 * @param {View} view
 * @param {(type: string) => () => void} does
 * @returns {PageScreen | null}
 */
function messageScreen(view, does) {
  var order = view.orderNo ? say('label.orderNo') + ' ' + apart(grouped(view.orderNo)) : '';
  /** @type {(title: string, todo: string, act: string, words?: string) => PageScreen} */
  function message(title, todo, act, words) {
    return {
      name: view.screen,
      title: title,
      lines: [todo],
      small: [order],
      choices: act === '' ? [] : [{ id: act, words: say(words || 'action.' + act), act: does(act) }],
      back: null,
    };
  }
  switch (view.screen) {
    case 'pulled':
      return message(say('pulled.title'), say(view.paid ? 'pulled.paid' : 'pulled.unpaid'), '');
    case 'other-card':
      return message(say('other-card.title'), say('other-card.todo'), '');
    case 'resume':
      return message(
        say('resume.title', { yuan: yuan(view.faceFen) }),
        say('resume.todo'),
        'resume',
        'resume.go'
      );
    case 'grid-silent':
      return message(say('grid-silent.title'), say('grid-silent.todo'), 'finish');
    case 'refund':
      // Cash goes back by a hand, and the app says by whose.
      if (view.cash) return null;
      return message(
        say(view.done ? 'refund.doneTitle' : 'refund.title', { yuan: yuan(view.fen) }),
        say('refund.todo'),
        'finish'
      );
    case 'expired':
      return message(say('expired.title'), say('expired.todo'), 'retry', 'action.again');
    case 'problem':
      return hasWords('!' + view.code) ? problemScreen(view, message, does) : null;
    default:
      return null;
  }
}

/**
 * @param {View} view
 * @param {(title: string, todo: string, act: string) => PageScreen} message
 * @param {(type: string) => () => void} does
 */
function problemScreen(view, message, does) {
  var words = say('!' + view.code).split('|');
  var screen = message(words[0], words[1], view.canRetry ? 'retry' : '');
  screen.tone = 'trouble';
  screen.lines = [words[1], say('money.' + view.moneySafe)];
  if (view.staffCode)
    screen.small = [(screen.small || [])[0], say('label.staff') + ' ' + apart(view.staffCode)];
  if (view.canLeave) {
    /** @type {Choice[]} */ (screen.choices).push({
      id: 'leave',
      words: say('action.finish'),
      act: does('finish'),
    });
    screen.back = does('finish');
  } else if (view.moneySafe === 'nothing-taken') delete screen.back;
  return screen;
}
