/**
 * `{ language: { key: words } }`, which the build takes from the project's own words (build/run/portal/words.ts): Chinese
 * from the beginning, others as they are asked for.
 *
 * @type {Record<string, Record<string, string>>}
 */
var catalogue = {};
/**
 * Every language that there is, and which way it is written.
 *
 * @type {Record<string, string>}
 */
var directions = {};
var language = '';

/**
 * The words for `key` with their places filled.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
function say(key, values) {
  return catalogue[language][key].replace(/\{(\w+)\}/g, function (_, place) {
    return apart(String(values === undefined ? '' : values[place]));
  });
}

/** @param {string} key */
function hasWords(key) {
  return Object.prototype.hasOwnProperty.call(catalogue[language], key);
}

/**
 * A number keeps its own order inside Uyghur. By the old marks of embedding: isolates are younger than these browsers.
 *
 * @param {string} text
 */
function apart(text) {
  return directions[language] === 'rtl' ? '\u202a' + text + '\u202c' : text;
}

/**
 * Begins with the first language and its words.
 *
 * @param {Record<string, string>} languages
 * @param {Record<string, string>} words
 */
function beginWords(languages, words) {
  directions = languages;
  language = Object.keys(languages)[0];
  catalogue[language] = words;
}

/**
 * Speaks `wanted` from now on, where there is such a language and its words come; then `then`.
 *
 * @param {string} wanted
 * @param {() => void} then
 */
function setLanguage(wanted, then) {
  if (catalogue[wanted] !== undefined) language = wanted;
  if (!directions[wanted] || catalogue[wanted] !== undefined) {
    then();
    return;
  }
  load('GET', 'words-' + wanted + '.json', {}, function (status, words) {
    if (status === 200 && words !== null) {
      catalogue[wanted] = /** @type {Record<string, string>} */ (words);
      language = wanted;
    }
    then();
  });
}

/** The one that was chosen on this box before; a browser may forbid to remember. */
function rememberedLanguage() {
  return attempt(function () {
    return window.localStorage.getItem('portal.language') || '';
  }, '');
}

/** @param {() => void} then */
function nextLanguage(then) {
  var all = Object.keys(directions);
  setLanguage(all[(all.indexOf(language) + 1) % all.length], function () {
    attempt(function () {
      window.localStorage.setItem('portal.language', language);
    }, undefined);
    then();
  });
}

/**
 * Fen as yuan, `-3.05`; `short`: whole yuan without cents.
 *
 * @param {number | undefined} fen
 * @param {boolean} [short]
 */
function yuan(fen, short) {
  var abs = Math.abs(fen || 0);
  var cents = abs % 100;
  var whole = ((fen || 0) < 0 ? '-' : '') + Math.floor(abs / 100);
  return short && cents === 0 ? whole : whole + '.' + (cents < 10 ? '0' : '') + cents;
}

/**
 * Digits in groups, as they are read out.
 *
 * @param {string} digits
 */
function grouped(digits) {
  return digits.replace(/\d{6}(?=\d)/g, '$& ');
}
