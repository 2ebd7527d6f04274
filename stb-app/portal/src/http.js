/** After this without an answer a question is asked anew, ms. */
var PATIENCE_MS = 10000;

/** How far the server's clock is before the box's, ms: boxes wake in 1970. */
var clockAhead = 0;

/** Now, by the server's clock. */
function serverNow() {
  return new Date().getTime() + clockAhead;
}

/**
 * @param {string} method
 * @param {string} address
 * @param {{ key?: string, body?: unknown }} what
 * @param {(status: number, answer: unknown) => void} then status 0: no answer came
 */
function load(method, address, what, then) {
  var request = new XMLHttpRequest();
  var over = false;
  /** @type {(status: number, answer: unknown) => void} */
  function end(status, answer) {
    if (over) return;
    over = true;
    clearTimeout(patience);
    then(status, answer);
  }
  var patience = setTimeout(function () {
    end(0, null);
    request.abort();
  }, PATIENCE_MS);
  request.onreadystatechange = function () {
    if (request.readyState !== 4) return;
    var date = Date.parse(
      attempt(function () {
        return request.getResponseHeader('Date') || '';
      }, '')
    );
    if (date > 0) clockAhead = date - new Date().getTime();
    var answer = attempt(function () {
      return JSON.parse(request.responseText);
    }, null);
    end(request.status, answer);
  };
  request.open(method, address, true);
  if (what.key !== undefined) request.setRequestHeader('X-Portal-Key', what.key);
  if (what.body === undefined) request.send();
  else {
    request.setRequestHeader('Content-Type', 'application/json');
    request.send(JSON.stringify(what.body));
  }
}
