import { SUPPORT_LOG_BYTES, SUPPORT_LOG_LINES, type SupportParts } from '../../api/support.ts';
import { supportLog } from './log-lines.ts';
import { scrubLabel, scrubText } from './scrub.ts';

/** Ours alone make these, in this form. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]{8,16}(?:Z|[+-]\d{2}:\d{2})$/u;
const OF_A_FORM: Readonly<Record<string, RegExp>> = {
  terminalId: /^t[0-9a-f]{30}$/u,
  fingerprint: /^[\w-]{1,12}$/u,
};
/** What a program said; every other text is what something is called. */
const SENTENCES: ReadonlySet<string> = new Set(['sentence', 'value', 'code', 'problem']);

/**
 * The same parts with every text looked through, whoever made them: a terminal of another version knows other forms of secrets, and a
 * schema says how long a text is, not what is in it. Twice is as once.
 */
export function cleanSupport<T extends SupportParts>(parts: T, secrets: readonly string[] = []): T {
  const { log, ...rest } = parts;
  const cleaned = Object.entries(rest).map(([name, value]) => [name, clean(value, name, secrets)] as const);
  return {
    ...Object.fromEntries(cleaned),
    // As much as a server's has, which is of several processes.
    log: supportLog(log, { most: 4 * SUPPORT_LOG_LINES, bytes: 4 * SUPPORT_LOG_BYTES, secrets }),
  } as T;
}

function clean(value: unknown, name: string, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return textOf(value, name, secrets).slice(0, value.length);
  if (Array.isArray(value)) return value.map((each: unknown) => clean(each, name, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([inner, each]) => [inner, clean(each, inner, secrets)]),
  );
}

function textOf(value: string, name: string, secrets: readonly string[]): string {
  const isOfAForm = MOMENT.test(value) || OF_A_FORM[name]?.test(value) === true;
  if (isOfAForm && !secrets.includes(value)) return value;
  return SENTENCES.has(name) ? scrubText(value, secrets) : scrubLabel(value, secrets);
}
