import { constants } from 'node:os';

/** `text`: what a program said. `label`: what something is called, which may be a model or a version. */
export type Kind = 'text' | 'label';

const ORDER_NO = /^2\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d\d{6}$/u;
/** A number of a person: nobody's order begins so, since an order's begins with its day. */
const ID_NUMBER = /^\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/iu;
/** `ERR_TLS_CERT_ALTNAME_INVALID`, `WECHAT_APIV3_KEY`. */
const CODE = /^[A-Z]{1,24}\d{0,3}(?:_(?:[A-Z]{1,24}\d{0,3}|\d{1,3}))+$/u;
/** As codes are printed that people copy: `PL4N-TEDR-ECE1`. */
const COPIED = /^(?:([A-Z\d]{3,8})(?:-[A-Z\d]{3,8}){2,}|[a-z\d]{4,8}(?:-[a-z\d]{4,8}){3,})$/u;
/** `NotWritablePrimary`, `setTimeout`. */
const HUMPS = /^_*(?:[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z]))+$/u;
/** A piece of a name that nobody could say. */
const UNSAID = /[A-Z]?(?:(?![aeiouy])[a-z]){4,}/u;
/** Eight capitals and more are a word only where a system or a store says it: codes that people copy have no other letters. */
const CAPITALS = /^[A-Z]{8,}$/u;
const SAID: ReadonlySet<string> = new Set([
  ...Object.keys(constants.errno),
  ...Object.keys(constants.signals),
  ...['ENOTFOUND', 'ESERVFAIL', 'EREFUSED', 'EBADRESP', 'ECANCELLED', 'EBADNAME', 'EBADQUERY'],
  ...[
    'READONLY',
    'NOREPLICAS',
    'CLUSTERDOWN',
    'MASTERDOWN',
    'WRONGTYPE',
    'NOSCRIPT',
    'TRYAGAIN',
    'EXECABORT',
  ],
]);

/** Plain words, codes in capitals, small numbers, versions and order numbers are no secrets; anything else may be one. */
export function looksSecret(word: string, kind: Kind): boolean {
  if (/^\d+$/u.test(word)) return word.length >= 6 && !isOrderNo(word);
  if (/\d{6}/u.test(word) || /^[\w+]*={1,2}$/u.test(word)) return true;
  if (isHex(word) || isCopied(word)) return true;
  if (CAPITALS.test(word)) return !SAID.has(word) && (kind === 'text' || word.length >= 10);
  if (CODE.test(word)) return word.length > 48;
  const parts = word.split(/[-_=+]/u);
  if (/\d/u.test(word) && /[A-Za-z]/u.test(word)) {
    return word.length >= 8 && (kind === 'text' || !isModel(word, parts));
  }
  if (word.length > 64 || parts.some((part) => part.length > 24)) return true;
  return isScrambled(word, parts);
}

/** One of ours, which no number of a person is. */
export function isOrderNo(digits: string): boolean {
  return ORDER_NO.test(digits) && !ID_NUMBER.test(digits);
}

/** Keys of cards have three bytes and more. */
function isHex(word: string): boolean {
  return /^[\da-f]{6,}$/iu.test(word);
}

function isCopied(word: string): boolean {
  const parts = word.split('-');
  return COPIED.test(word) && parts.every((part) => part.length === parts[0]?.length);
}

/** `Hi3798MV100`, `0-18-amd64`: short, and no digit by itself amid letters. */
function isModel(word: string, parts: readonly string[]): boolean {
  const mixed = parts.filter(isMixed);
  if (mixed.length > 0 && (word.length >= 16 || mixed.some(({ length }) => length >= 12))) return false;
  if (mixed.some((part) => part.length >= 8 && /(?<!\d)\d(?!\d)/u.test(part))) return false;
  return parts.every(({ length }) => length <= 24) && !/[a-z]\d+[a-z]/u.test(word);
}

function isMixed(part: string): boolean {
  return /\d/u.test(part) && /[A-Za-z]/u.test(part);
}

/** Letters as a die gives them: capitals where no name has any. */
function isScrambled(word: string, parts: readonly string[]): boolean {
  if (word.length < 16 || !/[a-z]/u.test(word) || !/[A-Z]/u.test(word)) return false;
  return parts.some((part) => part.length > 1 && (!HUMPS.test(part) || UNSAID.test(part)));
}
