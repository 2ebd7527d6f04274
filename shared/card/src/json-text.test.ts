import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_DEPTH, JsonTextError, parseJson } from './json-text.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const codeOf = (text: string, most?: Parameters<typeof parseJson>[1]): string | undefined => {
  try {
    parseJson(text, most);
    return undefined;
  } catch (error) {
    return error instanceof JsonTextError ? error.code : 'untyped';
  }
};

describe('a JSON text from elsewhere', () => {
  it('is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('may be as deep as it may be, and no deeper, whatever stands in its strings', () => {
    expect(codeOf(nested(JSON_DEPTH))).toBeUndefined();
    expect(codeOf(nested(JSON_DEPTH + 1))).toBe('json.too-deep');
    expect(codeOf(nested(60_000))).toBe('json.too-deep');
    expect(codeOf('{"a":'.repeat(60_000))).toBe('json.too-deep');
    const quoted = JSON.stringify([`${nested(500)}"\\`, '[', '{"']);
    expect(parseJson(quoted)).toEqual(JSON.parse(quoted));
    expect(codeOf(JSON.stringify(Array.from({ length: 500 }, () => [[]])))).toBeUndefined();
    expect(codeOf(`["\\"",${nested(JSON_DEPTH)}]`)).toBe('json.too-deep');
  });

  it('may be as long as it may be', () => {
    expect(codeOf('"123456"', { length: 8 })).toBeUndefined();
    expect(codeOf('"1234567"', { length: 8 })).toBe('json.too-long');
  });

  it('is refused with a code and without a word of it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        expect(codeOf(text)).not.toBe('untyped');
      }),
    );
    try {
      parseJson('{"pin":123456');
    } catch (error) {
      expect(`${String(error)}${String((error as Error).cause)}`).not.toContain('123456');
    }
  });
});
