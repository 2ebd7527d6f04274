/** A box of 1 GB starts an app, joins the server and enrols within this; ms. */
var START_MS = 25000;
/** Between two looks whether the store has installed the app, ms. */
var INSTALL_MS = 2000;
/** A choice that changed nothing on the app's screen may be made again after this, ms. */
var CHOICE_MS = 5000;
/** The oldest Android whose apps the box's app can be. */
var OLDEST_ANDROID = 5;

/**
 * One portal page: starts the app, follows the visit, and says what a person is to do.
 *
 * @param {Site} site
 * @param {Record<string, string>} languages which way each is written
 * @param {Record<string, string>} words of the first of them
 * @param {string[]} channels every wallet's id
 */
function runPortal(site, languages, words, channels) {
  beginWords(languages, words);
  wallets = channels;
  var options = optionsOf(window.location.search, site);
  /** What these pages do by themselves: old, none, install, opening, failed, away, over, or `visit`. */
  var mode = 'opening';
  /** @type {Visit | null} */
  var visit = null;
  /** @type {Followed} */
  var last = { state: 'waiting', revision: 0, view: null };
  /** @type {{ stop: () => void, now: () => void } | null} */
  var following = null;
  var starting = 0;
  var installing = 0;
  var away = false;
  var chosenAt = 0;

  function toPortal() {
    leavePortal(options);
  }

  function stop() {
    if (following !== null) following.stop();
    clearTimeout(starting);
    clearTimeout(installing);
    last = { state: 'waiting', revision: 0, view: null };
    away = false;
    chosenAt = 0;
  }

  function begin() {
    stop();
    var android = androidVersion();
    if (android > 0 && android < OLDEST_ANDROID) enter('old');
    else if (!hasManager()) enter('none');
    else if (!isInstalled(site.app.package)) offerInstall();
    else openAndStart(options.readerMode);
  }

  /** @param {boolean} behind these pages stay in front, and the app works the reader without a screen */
  function openAndStart(behind) {
    enter('opening');
    openVisit(options.entry, function (opened) {
      if (opened === null) {
        enter('away');
        return;
      }
      visit = opened;
      startApp(site.app, {
        token: opened.token,
        backUrl: options.backUrl,
        mode: behind ? 'reader' : '',
      });
      // The middleware's word is worth nothing: the app has started when it comes to the visit.
      starting = setTimeout(function () {
        if (mode === 'opening') enter('failed');
      }, START_MS);
      following = followVisit(opened, { said: heard, away: unheard, over: ended });
    });
  }

  /** Another visit, which the app's own screens join: one without a screen has nothing to be looked at. */
  function beginWithScreens() {
    stop();
    openAndStart(false);
  }

  function offerInstall() {
    enter('install');
    function look() {
      if (mode !== 'install') return;
      if (isInstalled(site.app.package)) begin();
      else installing = setTimeout(look, INSTALL_MS);
    }
    installing = setTimeout(look, INSTALL_MS);
  }

  function toStore() {
    var store = options.store;
    if (store !== null) startApp(store, storeExtras(store, options, site.app.package));
  }

  /** @param {Followed} state */
  function heard(state) {
    var changed = away || state.state !== last.state || state.view !== null;
    away = false;
    var shown = state.view === null ? last.view : state.view;
    if (state.revision !== last.revision) chosenAt = 0;
    last = { state: state.state, revision: state.revision, view: shown };
    if (state.state === 'open' && mode !== 'visit') enter('visit');
    else if (state.state === 'ended') enter('over');
    else if (changed) redraw();
  }

  /** @param {number} failures one may be nothing */
  function unheard(failures) {
    if (failures < 2 || away) return;
    away = true;
    redraw();
  }

  function ended() {
    enter('over');
  }

  /** @param {Command} command */
  function send(command) {
    var now = new Date().getTime();
    if (visit === null || (chosenAt > 0 && now >= chosenAt && now - chosenAt < CHOICE_MS)) return;
    chosenAt = now;
    sendCommand(visit, last.revision, command, function (done) {
      if (!done) chosenAt = 0;
      else if (following !== null) following.now();
    });
  }

  /** @param {string} next */
  function enter(next) {
    mode = next;
    redraw();
  }

  /** @returns {PageScreen} */
  function screenNow() {
    var retry = { id: 'retry', words: say('action.retry'), act: begin };
    var leave = { id: 'leave', words: say('portal.leave'), act: toPortal };
    var store = { id: 'store', words: say('portal.store'), act: toStore };
    var inStore = options.store === null ? [] : [store];
    switch (mode) {
      case 'old':
      case 'none':
        return byPhone('portal.' + mode, site, [leave]);
      case 'install':
        return byPhone(
          options.store === null ? 'portal.absent' : 'portal.install',
          site,
          inStore.concat([leave])
        );
      case 'failed':
        // An app that did not come without a screen may have something to say on one: a new box, above all.
        if (options.readerMode) retry.act = beginWithScreens;
        return byPhone('portal.failed', site, [retry].concat(inStore, [leave]));
      case 'away':
        return byPhone('!server-away', site, [retry, leave]);
      case 'over':
        return plainly('portal.over', [leave, { id: 'again', words: say('action.again'), act: begin }]);
      case 'visit':
        return (last.view && viewScreen(last.view, send, redraw)) || plainly('portal.look', [toApp(), leave]);
      default:
        return plainly('portal.opening', []);
    }
  }

  /** @returns {Choice} */
  function toApp() {
    return {
      id: 'app',
      words: say('portal.toApp'),
      act: function () {
        if (options.readerMode) beginWithScreens();
        else startApp(site.app, { entry: options.entry });
      },
    };
  }

  function redraw() {
    var screen = screenNow();
    if (screen.tone === 'trouble') screen.small = (screen.small || []).concat([helpOf(site)]);
    if (away) screen.lines = (screen.lines || []).concat([say('chrome.away')]);
    draw(screen, {
      id: 'language',
      words: say('portal.language'),
      act: function () {
        nextLanguage(redraw);
      },
    });
  }

  /** @param {string} press */
  function pressed(press) {
    if (drawn === null) return;
    if (press === 'ok') pressFocused();
    else if (press === 'erase') {
      if (drawn.erase !== undefined) drawn.erase();
    } else if (press === 'back') {
      if (drawn.back === undefined) toPortal();
      else if (drawn.back !== null) drawn.back();
    } else if (/^\d$/.test(press)) {
      if (drawn.digit !== undefined) drawn.digit(Number(press));
    } else moveFocus(press);
  }

  function seen() {
    if (isSeen() && following !== null) following.now();
  }

  listenToKeys(pressed);
  document.addEventListener('visibilitychange', seen, false);
  document.addEventListener('webkitvisibilitychange', seen, false);
  setInterval(tick, 1000);
  setLanguage(options.language || rememberedLanguage(), begin);
}
