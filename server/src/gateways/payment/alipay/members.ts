import { parseJson } from '@bianmin/card/json-text';
/** Where a member's value stands in the text, as it came. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const SPACE = /[\t\n\r ]/u;

/**
 * The members of the one JSON object that `text` is, each with the place of its value. Undefined where the text
 * is anything else or names a member twice.
 *
 * Alipay signs the bytes of one member, so what was verified and what is read must be the same bytes. The
 * official library cuts them out by searching for the last `"sign"` and reads a second parse of the whole, which
 * two members of one name would tell apart.
 */
export function membersOf(text: string): ReadonlyMap<string, Span> | undefined {
  let whole: unknown;
  try {
    whole = parseJson(text);
  } catch {
    return undefined;
  }
  if (whole === null || typeof whole !== 'object' || Array.isArray(whole)) return undefined;
  // From here on the text is well-formed JSON: strings end, brackets match.
  const members = new Map<string, Span>();
  let at = skip(text, text.indexOf('{') + 1);
  while (text[at] !== '}') {
    const nameEnd = afterString(text, at);
    const name = parseJson(text.slice(at, nameEnd)) as string;
    const start = skip(text, skip(text, nameEnd) + 1);
    const end = afterValue(text, start);
    if (members.has(name)) return undefined;
    members.set(name, { start, end });
    at = skip(text, end);
    if (text[at] === ',') at = skip(text, at + 1);
  }
  return members;
}

function skip(text: string, from: number): number {
  let at = from;
  while (SPACE.test(text[at] ?? '')) at += 1;
  return at;
}

/** `from` is at the opening quote. */
function afterString(text: string, from: number): number {
  let at = from + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function afterValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return afterString(text, from);
  let at = from;
  if (first !== '{' && first !== '[') {
    while (!/[,}\]\s]/u.test(text[at] ?? '}')) at += 1;
    return at;
  }
  let depth = 0;
  do {
    const mark = text[at];
    if (mark === '"') {
      at = afterString(text, at);
      continue;
    }
    if (mark === '{' || mark === '[') depth += 1;
    if (mark === '}' || mark === ']') depth -= 1;
    at += 1;
  } while (depth > 0);
  return at;
}
