import { CodedError } from '@bianmin/card/errors';

/**
 * Names of fields whose values never reach a log or the audit trail, at whatever depth. Compared without
 * case, dashes and underscores, so that `code_url`, `codeUrl` and `Code-Url` are one.
 */
const SECRET_FIELDS = new Set([
  'authorization',
  'proxyauthorization',
  'dpop',
  'cookie',
  'setcookie',
  'wechatpaysignature',
  'assertion',
  'jws',
  'ticket',
  'token',
  'accesstoken',
  'secret',
  'signature',
  'ciphertext',
  'code',
  'codeurl',
  'password',
  'passwordhash',
  'pin',
  'key',
  'apikey',
  'privatekey',
  'signkey',
  'sealkey',
  'jwk',
  'image',
  'regions',
  'gathered',
  'plan',
  'sealed',
  'customerno',
  'customername',
  'name',
  'address',
  'phone',
  'openid',
  'body',
  'rawbody',
  'payload',
]);

/** What stands in a secret's place. */
const REDACTED = '[redacted]';

/** An error's stable code (`card.unknown`) is the one thing called `code` that may be seen. */
const STABLE_CODE = /^[a-z]+(?:-[a-z]+)*(?:\.[a-z]+(?:-[a-z]+)*)+$/;

/** What libraries quote of what they were given, by the words around it. */
const QUOTED: readonly (readonly [RegExp, string])[] = [
  // V8, of a text that is no JSON.
  [/(?:\.\.\.)?"[^]*"(?:\.\.\.)? is not valid JSON/gu, `${REDACTED} is not valid JSON`],
  // MongoDB, of a key that is there already.
  [/(dup key: )\{.*\}/gu, `$1${REDACTED}`],
  // User and password of an address.
  [/\b([a-z][a-z\d+.-]*:\/\/)[^\s"']*@/giu, `$1${REDACTED}@`],
];

/** An error's words without what they may quote. */
function withoutQuotes(words: string): string {
  return QUOTED.reduce((said, [quoted, instead]) => said.replace(quoted, instead), words);
}

/** A copy in which every secret field is blanked and every error says only what `describeError` lets it. */
export function redact(value: unknown, depth = 8): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth === 0) return REDACTED;
  if (value instanceof Error) return describeError(value, depth - 1);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth - 1));
  if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isSecret(name, inner) ? REDACTED : redact(inner, depth - 1),
    ]),
  );
}

function isSecret(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
  if (!SECRET_FIELDS.has(plain)) return false;
  return !(plain === 'code' && typeof value === 'string' && STABLE_CODE.test(value));
}

/**
 * What of an error may be seen: type, code, message, context, stack and causes, and none of the properties
 * that a library hangs on it (axios puts the whole request there), nor what its words quote.
 */
export function describeError(error: Error, depth = 4): Record<string, unknown> {
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: withoutQuotes(error.message),
    ...(error instanceof CodedError ? { context: redact(error.context) } : {}),
    stack: error.stack === undefined ? undefined : withoutQuotes(error.stack),
    ...(error.cause === undefined || depth === 0
      ? {}
      : {
          cause: error.cause instanceof Error ? describeError(error.cause, depth - 1) : redact(error.cause),
        }),
  };
}
