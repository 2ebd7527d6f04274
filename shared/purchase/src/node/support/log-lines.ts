import { parseJson } from '@bianmin/card/json-text';
import { SUPPORT_LINE_LENGTH, SUPPORT_LOG_BYTES } from '../../api/support.ts';
import { scrubText } from './scrub.ts';
import { REMOVED } from './without-path.ts';

/** Of a line's fields, those that say what happened and to which part; any other may say to whom. */
const FIELDS: readonly string[] = [
  ...['@timestamp', 'log.level', 'service.name', 'message', 'trace.id'],
  ...['error.code', 'error.type', 'error.message', 'event.duration'],
  ...['http.request.method', 'http.response.status_code'],
  ...[
    'bianmin.where',
    'bianmin.code',
    'bianmin.screen',
    'bianmin.problem',
    'bianmin.button',
    'bianmin.route',
  ],
  ...[
    'bianmin.orderNo',
    'bianmin.channel',
    'bianmin.what',
    'bianmin.kind',
    'bianmin.wrong',
    'bianmin.skewMs',
  ],
  ...['bianmin.version', 'bianmin.operation', 'bianmin.outcome', 'bianmin.state', 'bianmin.blocked'],
];

/** Of the fields, those that are counts; a number in any other is looked through as its digits. */
const COUNTS: ReadonlySet<string> = new Set([
  ...['event.duration', 'http.response.status_code', 'bianmin.skewMs'],
]);
/** Longer ones are cut before they are looked through, at a blank: no half of a secret is left. */
const MOST_TEXT = 4_000;

/** Ours alone make these, and in this form. */
const OF_A_FORM: Readonly<Record<string, RegExp>> = {
  '@timestamp': /^[\dT:.+Z-]{20,35}$/u,
  'trace.id': /^[0-9a-f]{32}$/u,
};

/**
 * The newest `most` lines of a log as they may leave the machine: the fields named here alone, each looked through. What is no line of
 * ours (a library's, half a line) is left out. Twice is as once.
 */
export function supportLog(
  lines: readonly string[],
  {
    most,
    bytes = SUPPORT_LOG_BYTES,
    secrets = [],
  }: { readonly most: number; readonly bytes?: number; readonly secrets?: readonly string[] },
): string[] {
  const kept = lines.flatMap((line) => said(line, secrets) ?? []).slice(-most);
  return newestOf(kept, bytes);
}

/** Those that fit. */
function newestOf(lines: readonly string[], most: number): string[] {
  let bytes = 0;
  const from = lines.findLastIndex((line) => (bytes += JSON.stringify(line).length) > most);
  return lines.slice(from + 1);
}

function said(line: string, secrets: readonly string[]): string | undefined {
  const fields = parsed(line);
  if (fields === undefined) return undefined;
  const kept = FIELDS.flatMap((name): [string, string | number | boolean][] => {
    const value = fields[name];
    if (typeof value === 'boolean' || (typeof value === 'number' && COUNTS.has(name))) return [[name, value]];
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    const text = textOf(name, `${value}`, secrets);
    return [[name, text === `${value}` ? value : text]];
  });
  const text = JSON.stringify(Object.fromEntries(kept));
  return text.length <= SUPPORT_LINE_LENGTH ? text : undefined;
}

function textOf(name: string, value: string, secrets: readonly string[]): string {
  if (OF_A_FORM[name]?.test(value) === true) return secrets.includes(value) ? REMOVED : value;
  const text = value.length > MOST_TEXT ? value.slice(0, MOST_TEXT).replace(/\S*$/u, '') : value;
  return scrubText(text, secrets).slice(0, 200);
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
