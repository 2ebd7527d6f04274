/**
 * Wallets by their ids, in the order in which they are offered: the build takes them from the project's own table.
 *
 * @type {string[]}
 */
var wallets = [];

/**
 * How the pages say what the app shows, or null for a view that they do not know.
 *
 * @param {View} view
 * @param {(command: Command) => void} send
 * @param {() => void} changed
 * @returns {PageScreen | null}
 */
function viewScreen(view, send, changed) {
  /** @type {(type: string) => () => void} */
  function does(type) {
    return function () {
      send({ type: type });
    };
  }
  if (view.screen !== 'amount') typed = '';
  switch (view.screen) {
    case 'wait':
      return { name: 'wait', title: say('wait.title'), lines: [say('wait.hint')] };
    case 'reading':
      return { name: 'reading', title: say('reading.title'), back: null };
    case 'who':
      return whoScreen(view, does);
    case 'amount':
      return amountScreen(view, send, changed);
    case 'pay':
      return payScreen(view, send);
    case 'selling':
      return {
        name: 'selling',
        title: say('selling.title', { yuan: yuan(view.paidFen) }),
        lines: [say('selling.todo')],
        back: null,
      };
    case 'writing':
      return writingScreen(view);
    case 'done':
      return {
        name: 'done',
        tone: 'good',
        title: say('done.title'),
        answer: say('amount.yuan', { yuan: yuan(view.faceFen) }),
        lines: [view.resumed ? say('done.resumed') : '', say('done.todo')],
        small: [view.receiptCode ? say('done.receipt') + ' ' + apart(view.receiptCode) : ''],
        choices: [{ id: 'finish', words: say('action.finish'), act: does('finish') }],
        back: does('finish'),
      };
    default:
      return messageScreen(view, does);
  }
}

/**
 * @param {View} view
 * @param {(type: string) => () => void} does
 * @returns {PageScreen}
 */
function whoScreen(view, does) {
  var home = /** @type {Household} */ (view.household);
  var left =
    home.balanceFen === null
      ? ''
      : say('who.balance') + ' ' + say('amount.yuan', { yuan: yuan(home.balanceFen) });
  return {
    name: 'who',
    title: say(view.remote ? 'who.titleRemote' : 'who.title'),
    answer: apart(home.name),
    lines: [
      apart(home.address),
      say('who.customerNo', { no: home.customerNo }),
      left,
      home.arrearsFen > 0 ? say('who.arrears', { yuan: yuan(home.arrearsFen) }) : '',
    ],
    choices: [
      { id: 'yes', words: say('who.yes'), act: does('confirm-card') },
      { id: 'no', words: say('who.no'), act: does('back') },
    ],
    back: does('back'),
  };
}

/**
 * @param {View} view
 * @param {(command: Command) => void} send
 * @returns {PageScreen | null}
 */
function payScreen(view, send) {
  if (view.closing) {
    return { name: 'closing', title: say('pay.closingTitle'), lines: [say('pay.closing')], back: null };
  }
  // Longer than a code of these pages holds: the app can show it.
  if (view.codeUrl && qrOf(view.codeUrl) === null) return null;
  var any = view.channel === 'any';
  // A code for every wallet leaves nothing to choose.
  var channels = any ? [] : wallets;
  /** @type {Choice[]} */
  var choices = [];
  for (var i = 0; i < channels.length; i++) choices.push(walletOf(channels[i], view.channel, send));
  function cancel() {
    send({ type: 'back' });
  }
  choices.push({ id: 'cancel', words: say('pay.cancel'), act: cancel });
  return {
    name: 'pay',
    title: say('pay.title'),
    answer: say('amount.yuan', { yuan: yuan(view.paidFen) }),
    lines: [
      (view.discountFen || 0) > 0
        ? say('amount.yuan', { yuan: yuan(view.faceFen) }) +
          ' · ' +
          say('pay.afterDiscount', { yuan: yuan(view.paidFen) })
        : '',
      any ? say('pay.any') : say('pay.howToWallet', { wallet: say('pay.' + view.channel) }),
    ],
    code: view.codeUrl || undefined,
    codeNote: say('pay.preparing'),
    clock: function () {
      return timeLeft(view.expiresAt);
    },
    choices: choices,
    back: cancel,
  };
}

/**
 * @param {string} channel
 * @param {string | undefined} chosen
 * @param {(command: Command) => void} send
 * @returns {Choice}
 */
function walletOf(channel, chosen, send) {
  return {
    id: channel,
    words: say('pay.' + channel),
    chosen: channel === chosen,
    act: function () {
      if (channel !== chosen) send({ type: 'choose-channel', channel: channel });
    },
  };
}

/** @param {number | null | undefined} until wall clock of the server, ms */
function timeLeft(until) {
  if (until == null) return '';
  var seconds = Math.max(0, Math.ceil((until - serverNow()) / 1000));
  var minutes = Math.floor(seconds / 60);
  return minutes > 0
    ? say('pay.leftMinutes', { m: minutes, s: seconds % 60 })
    : say('pay.leftSeconds', { s: seconds });
}

/**
 * @param {View} view
 * @returns {PageScreen}
 */
function writingScreen(view) {
  var phases = ['code', 'write', 'read-back'];
  var at = phases.indexOf(view.phase || '');
  var steps = [];
  for (var i = 0; i < phases.length; i++)
    steps.push({ done: i < at, now: i === at, words: say('writing.' + phases[i]) });
  return {
    name: 'writing',
    title: say('writing.title', { yuan: yuan(view.faceFen) }),
    lines: [say('writing.todo')],
    steps: steps,
    progress: view.progress,
    back: null,
  };
}
