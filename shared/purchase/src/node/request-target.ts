/** Segments of what a path may hold as it is (RFC 3986 §3.3, without `;`), or escaped in capitals. */
const PATH = /^(?:\/(?:[\w.~!$&'()*+,=:@-]|%[0-9A-F]{2})+)*\/?$/;
const DOT_SEGMENT = /\/\.{1,2}(?=\/|$)/;
/** Escapes of what needs none, of `/` and `\`, and of control characters. */
const NEEDLESS_ESCAPE = /%(?:[01][0-9A-F]|2[DEF]|3\d|4[1-9A-F]|5[0-9ACF]|6[1-9A-F]|7[0-9AEF])/;
const QUERY = /^[\x21\x22\x24-\x7E]*$/;
const HOST = /^(?:[A-Za-z\d][\w.-]{0,252}|\[[\dA-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
const ORIGIN = /^(?:null|[a-z][a-z\d+.-]*:\/\/[^\s/,]*)$/;
/** Names that no DNS gives to anybody: addresses, and this machine. */
const ADDRESS = /^(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[\dA-Fa-f:.]+\])(?::\d{1,5})?$/;
const LOCAL_PAGE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/**
 * The path of a request's target, as it came and without its query; undefined where it is not spelt in the one way in which
 * we spell addresses. Two spellings of one address are two addresses to a proxy, a limit or a router, and one to whoever
 * parses it: nothing of a target is parsed before this.
 */
export function pathOf(target: string | undefined): string | undefined {
  if (target?.startsWith('/') !== true) return undefined;
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  if (!PATH.test(path) || DOT_SEGMENT.test(path)) return undefined;
  if (path.includes('%') && (NEEDLESS_ESCAPE.test(path) || !isUtf8(path))) return undefined;
  return at < 0 || QUERY.test(target.slice(at)) ? path : undefined;
}

/** Whether a Host header has the form of one: a name or an address, and perhaps a port. */
export function isHost(text: string | undefined): text is string {
  return text !== undefined && HOST.test(text);
}

/** Whether an Origin header has the form of one. */
export function isOrigin(text: string): boolean {
  return ORIGIN.test(text);
}

/** Whether a Host header names an address or this machine: a page elsewhere cannot make its own name mean either. */
export function isAddress(host: string): boolean {
  return ADDRESS.test(host);
}

/** Whether a page of this machine sent it, or no page at all. */
export function isLocalPage(origin: string | undefined): boolean {
  return origin === undefined || LOCAL_PAGE.test(origin);
}

/** Whether a page that another port of the same machine served sent it. */
export function isNeighbour(origin: string | undefined, host: string): boolean {
  const at = /^https?:\/\/(.+)$/.exec(origin ?? '')?.[1];
  return at !== undefined && withoutPort(at) === withoutPort(host);
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '');
}

function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
