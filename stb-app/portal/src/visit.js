var VISITS = '/v1/portal/sessions';
/** Between two questions while the page is seen, and while it is not; ms. */
var SHOWN_MS = 1000;
var AWAY_MS = 15000;

/**
 * @param {string} entry
 * @param {(visit: Visit | null) => void} then null: it could not be opened
 */
function openVisit(entry, then) {
  load('POST', VISITS, { body: { entry: entry } }, function (status, answer) {
    then(status >= 200 && status < 300 ? /** @type {Visit | null} */ (answer) : null);
  });
}

/**
 * Follows a visit until it is over or `stop` is called.
 *
 * @param {Visit} visit
 * @param {{ said: (state: Followed) => void, away: (failures: number) => void, over: () => void }} to
 * @returns {{ stop: () => void, now: () => void }}
 */
function followVisit(visit, to) {
  var after = -1;
  var failures = 0;
  var stopped = false;
  var asking = false;
  var timer = 0;
  function now() {
    if (stopped || asking) return;
    clearTimeout(timer);
    asking = true;
    var query = after < 0 ? '' : '?after=' + after;
    load('GET', VISITS + '/' + visit.id + query, { key: visit.key }, function (status, answer) {
      asking = false;
      if (stopped) return;
      if (status === 404) {
        stopped = true;
        to.over();
        return;
      }
      var state = status === 200 ? /** @type {Followed | null} */ (answer) : null;
      if (state === null) to.away(++failures);
      else {
        failures = 0;
        if (state.view !== null) after = state.revision;
        to.said(state);
      }
      // The caller that heard of it may have stopped.
      if (stopped || (state !== null && state.state === 'ended')) return;
      timer = setTimeout(now, isSeen() ? Math.min(SHOWN_MS * Math.pow(2, failures), AWAY_MS) : AWAY_MS);
    });
  }
  now();
  return {
    now: now,
    stop: function () {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/**
 * @param {Visit} visit
 * @param {number} revision what the household saw
 * @param {Command} command
 * @param {(done: boolean) => void} then
 */
function sendCommand(visit, revision, command, then) {
  var body = { for: revision, command: command };
  load('POST', VISITS + '/' + visit.id + '/commands', { key: visit.key, body: body }, function (status) {
    then(status >= 200 && status < 300);
  });
}

/** Whether the page can be seen; true where the browser cannot say. */
function isSeen() {
  var page = /** @type {Document & { webkitHidden?: boolean }} */ (document);
  return page.hidden !== true && page.webkitHidden !== true;
}
