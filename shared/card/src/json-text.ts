import { CodedError } from './errors.ts';

/** Deeper than any message of ours or of a grid's or wallet's, and far from what a recursive reader can bear. */
export const JSON_DEPTH = 64;
/** Longer than the longest body that a listener of ours takes, characters. */
export const JSON_LENGTH = 4 * 1024 * 1024;

export type JsonTextErrorCode = 'json.malformed' | 'json.too-deep' | 'json.too-long';

export class JsonTextError extends CodedError<JsonTextErrorCode> {}

export interface JsonMost {
  /** Characters. */
  readonly length?: number;
  readonly depth?: number;
}

/**
 * The value of a JSON text that came from elsewhere. Its length and its depth are looked at before it is parsed: what reads a
 * value afterwards goes down into it by calling itself, and 60,000 nested arrays fit into 120 KB. The error never repeats what was
 * sent.
 */
export function parseJson(text: string, most: JsonMost = {}): unknown {
  assertBounded(text, most);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not as its cause: V8's own message repeats a part of the text.
    throw new JsonTextError({ code: 'json.malformed', message: 'The text is not JSON. Correct it.' });
  }
}

/** For a text that a library parses. */
export function assertBounded(
  text: string,
  { length = JSON_LENGTH, depth = JSON_DEPTH }: JsonMost = {},
): void {
  if (text.length > length) {
    throw new JsonTextError({
      code: 'json.too-long',
      message: `The JSON text is longer than ${length} characters. Send a shorter one.`,
    });
  }
  if (isDeeper(text, depth)) {
    throw new JsonTextError({
      code: 'json.too-deep',
      message: `The JSON text is nested more than ${depth} deep. Send a flatter one.`,
    });
  }
}

const [QUOTE, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Of a text that is no JSON it may say anything: whoever parses it says so. */
function isDeeper(text: string, most: number): boolean {
  if (text.length <= most) return false;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      if (depth > most) return true;
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}
