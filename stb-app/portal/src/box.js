/**
 * What `ask` gives, or `otherwise` where it throws.
 *
 * @template T
 * @param {() => T} ask
 * @param {T} otherwise
 * @returns {T}
 */
function attempt(ask, otherwise) {
  try {
    return ask();
  } catch (_) {
    return otherwise;
  }
}

/** @returns {Box} */
function theBox() {
  return /** @type {Box} */ (window);
}

/**
 * Whether the box's browser gives pages a way to start an app.
 *
 * @returns {boolean}
 */
function hasManager() {
  return attempt(function () {
    var manager = theBox().STBAppManager;
    // A host object's methods may be of type "object".
    return manager != null && typeof manager.startAppByIntent !== 'undefined';
  }, false);
}

/**
 * `false` is believed only to offer what a person may decline: Huawei's says "1" of everything, Yinhe's counts apps
 * that were taken away.
 *
 * @param {string} name
 * @returns {boolean} true also where the box cannot say
 */
function isInstalled(name) {
  return attempt(function () {
    var manager = theBox().STBAppManager;
    if (manager == null || typeof manager.isAppInstalled === 'undefined') return true;
    var said = String(manager.isAppInstalled(name));
    return said !== 'false' && said !== '0' && said !== '';
  }, true);
}

/**
 * Asks the middleware for an app, in the words that each variant takes: the kind of intent always named, the class
 * in full, extras as strings with names and values, none of them empty. What it returns says nothing: AMT's and
 * Huawei's give nothing back, so that only what happens afterwards tells.
 *
 * @param {Launched} app
 * @param {Record<string, string>} extras
 */
function startApp(app, extras) {
  /** @type {{ name: string, value: string }[]} */
  var list = [];
  for (var name in extras) if (extras[name]) list.push({ name: name, value: extras[name] });
  /** @type {Record<string, unknown>} */
  var intent = { intentType: app.intentType == null ? 0 : app.intentType, appName: app.package };
  if (app.className) intent.className = app.className;
  if (list.length > 0) intent.extra = list;
  attempt(function () {
    var manager = theBox().STBAppManager;
    if (manager == null) return;
    if (manager.startAppByIntent && (app.className || list.length > 0))
      manager.startAppByIntent(JSON.stringify(intent));
    else if (manager.startAppByName) manager.startAppByName(app.package);
  }, undefined);
}

/**
 * What the carrier says of this box; '' where it does not.
 *
 * @param {string} key
 * @returns {string}
 */
function carrierSays(key) {
  return attempt(function () {
    var from = theBox().Authentication;
    if (from == null) return '';
    /** @type {unknown} */
    var said;
    if (typeof from.CTCGetConfig !== 'undefined') said = from.CTCGetConfig(key);
    else if (typeof from.CUGetConfig !== 'undefined') said = from.CUGetConfig(key);
    return said == null ? '' : String(said);
  }, '');
}

/**
 * Takes the event behind key 0x0300 out of the box's queue. These pages play nothing, so that none is for them; one
 * that stays there would be told again and again.
 */
function takeVirtualEvent() {
  attempt(function () {
    var utility = theBox().Utility;
    if (utility != null && typeof utility.getEvent !== 'undefined') utility.getEvent();
  }, undefined);
}

/**
 * To where the household came from.
 *
 * @param {Options} options
 */
function leavePortal(options) {
  var domain = options.backUrl === '' && !options.fromLaunch ? httpOnly(carrierSays('EPGDomain')) : '';
  if (options.backUrl || domain) {
    window.location.href = options.backUrl || domain;
    return;
  }
  var asked = attempt(function () {
    var utility = theBox().Utility;
    if (utility == null || typeof utility.setValueByName === 'undefined') return false;
    utility.setValueByName('exitIptvApp', '');
    return true;
  }, false);
  if (!asked) window.history.back();
}

/**
 * The major version of Android, or 0 where the browser does not name it.
 *
 * @returns {number}
 */
function androidVersion() {
  var found = /Android[ \/](\d+)/.exec(window.navigator.userAgent);
  return found === null ? 0 : Number(found[1]);
}
