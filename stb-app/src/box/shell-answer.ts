import { parseJson } from '@bianmin/card/json-text';
import type {
  ShellAnswer,
  ShellEvent,
  ShellFacts,
  ShellFailureCode,
  ShellSuccess,
} from '@bianmin/purchase/android/shell';
import { ecPublicJwk, signingJwk } from '@bianmin/purchase/api/terminal';

type Fields = Partial<Record<string, unknown>>;

const FAILURES: readonly string[] = [
  'shell.bad-request',
  'shell.unseal-failed',
  'shell.keys-lost',
  'shell.store-full',
  'shell.io',
  'http.unavailable',
  'http.untrusted',
] satisfies ShellFailureCode[];
const BROKEN = { ok: false, code: 'shell.io' } as const;

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && isFinite(value);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

/** What each field of an answer must be; one that is something else makes the whole answer none. */
const FIELDS: { readonly [Name in Exclude<keyof ShellSuccess, 'ok'>]: (value: unknown) => boolean } = {
  facts: isFacts,
  alg: (value) => value === 'ES256' || value === 'RS256',
  signKey: (value) => signingJwk.safeParse(value).success,
  sealKey: (value) => ecPublicJwk.safeParse(value).success,
  signature: isText,
  text: isText,
  status: isNumber,
  headers: (value) => isObject(value) && Object.keys(value).every((name) => isText(value[name])),
  body: isText,
  epochMs: isNumber,
  monotonicMs: isNumber,
  trusted: isFlag,
  names: (value) => Array.isArray(value) && value.every(isText),
  value: isText,
  token: isText,
  backUrl: isText,
  state: (value) => value === 'none' || value === 'available' || value === 'installing',
  version: isText,
};

/** An answer's text; one that is not as agreed counts as `shell.io`. */
export function parseShellAnswer(text: string): ShellAnswer {
  const fields = parsed(text);
  if (!isObject(fields)) return BROKEN;
  if (fields['ok'] === false) {
    return { ok: false, code: isFailure(fields['code']) ? fields['code'] : 'shell.io' };
  }
  return isSuccess(fields) ? fields : BROKEN;
}

/** An event's text; undefined for one that is not known: a newer shell may have more. */
export function parseShellEvent(text: string): ShellEvent | undefined {
  const fields = parsed(text);
  if (!isObject(fields)) return undefined;
  switch (fields['name']) {
    case 'network':
      return isFlag(fields['online']) ? { name: 'network', online: fields['online'] } : undefined;
    case 'launch':
    case 'pause':
    case 'resume':
    case 'back':
    case 'memory':
      return { name: fields['name'] };
    default:
      return undefined;
  }
}

function isSuccess(fields: Fields): fields is Fields & ShellSuccess {
  return (
    fields['ok'] === true &&
    (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).every(
      (name) => fields[name] === undefined || FIELDS[name](fields[name]),
    )
  );
}

function isFacts(value: unknown): value is ShellFacts {
  if (!isObject(value)) return false;
  const { appVersion, androidApi, model, engine, serverUrl, helpPhone, sandbox } = value;
  return (
    [appVersion, model, engine, serverUrl, helpPhone].every(isText) && isNumber(androidApi) && isFlag(sandbox)
  );
}

function isFailure(value: unknown): value is ShellFailureCode {
  return isText(value) && FAILURES.indexOf(value) >= 0;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
