/*
 * What the pages say by themselves, before the app is there and after it left. Nothing has been paid here, and each
 * way out that does not need the app is named.
 */

/**
 * Where a phone goes on, and the code for it.
 *
 * @param {Site} site
 */
function phoneAddress(site) {
  return site.phoneUrl || window.location.protocol + '//' + window.location.host + '/p/';
}

/**
 * A screen that says what does not go, and sends to the phone.
 *
 * @param {string} key of the words, `title|todo`
 * @param {Site} site
 * @param {Choice[]} choices
 * @returns {PageScreen}
 */
function byPhone(key, site, choices) {
  var address = phoneAddress(site);
  var screen = plainly(key, choices);
  /** @type {string[]} */ (screen.lines).push(say('money.nothing-taken'));
  screen.code = address;
  screen.codeWords = apart(address.replace(/^https?:\/\//, ''));
  screen.small = [helpOf(site)];
  return screen;
}

/**
 * @param {string} key of the words, `title|todo`
 * @param {Choice[]} choices
 * @returns {PageScreen}
 */
function plainly(key, choices) {
  var words = say(key).split('|');
  return { name: key.replace(/^\w*\W/, ''), title: words[0], lines: [words[1]], choices: choices };
}

/**
 * Whom to call; '' where the deployment does not say.
 *
 * @param {Site} site
 */
function helpOf(site) {
  return site.helpPhone ? say('label.phone') + ' ' + apart(site.helpPhone) : '';
}
