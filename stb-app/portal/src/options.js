/**
 * An address that is no `javascript:` and no file; '' for any other.
 *
 * @param {string | undefined} address
 * @returns {string}
 */
function httpOnly(address) {
  return address !== undefined && /^https?:\/\/[^\s]+$/i.test(address) ? address : '';
}

/**
 * @param {string} search with its question mark
 * @returns {Record<string, string>}
 */
function queryOf(search) {
  /** @type {Record<string, string>} */
  var query = {};
  var parts = search.replace(/^\?/, '').split('&');
  for (var i = 0; i < parts.length; i++) {
    var at = parts[i].indexOf('=');
    if (at > 0) query[parts[i].slice(0, at)] = decoded(parts[i].slice(at + 1));
  }
  return query;
}

/** @param {string} text */
function decoded(text) {
  return attempt(function () {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  }, text);
}

/**
 * @param {string} search
 * @param {Site} site
 * @returns {Options}
 */
function optionsOf(search, site) {
  var query = queryOf(search);
  var carrier = query.carrier || '';
  var entry = /^(community|iptv2|iptv3)$/.test(query.entry) ? query.entry : 'iptv3';
  return {
    entry: entry,
    readerMode: site.readerMode.indexOf(entry) >= 0,
    store: Object.prototype.hasOwnProperty.call(site.stores, carrier) ? site.stores[carrier] : null,
    // Portals write it in both ways.
    backUrl: httpOnly(query.backurl || query.backUrl),
    fromLaunch: query.fromLaunch !== undefined,
    language: query.lang || '',
    values: query,
  };
}

/**
 * The extras of the carrier's store with their `{places}` filled from the page's address and from the carrier. One
 * with a place that is not filled is left out.
 *
 * @param {Launched} store
 * @param {Options} options
 * @param {string} app
 * @returns {Record<string, string>}
 */
function storeExtras(store, options, app) {
  /** @type {Record<string, string>} */
  var extras = {};
  for (var name in store.extras) {
    var whole = true;
    var text = store.extras[name].replace(/\{(\w+)\}/g, function (_, place) {
      var value = place === 'package' ? app : place === 'backUrl' ? options.backUrl : options.values[place];
      value = value || (/^[A-Z]/.test(place) ? carrierSays(place) : '');
      if (!value) whole = false;
      return value;
    });
    if (whole) extras[name] = text;
  }
  return extras;
}
