import { codeOf } from '@bianmin/card/errors';
import { describe, expect, it } from 'vitest';
import { BeatWords } from './beat-words.ts';

const JSON_TYPE = 'application/json';
const bytes = (said: object): Buffer => Buffer.from(JSON.stringify(said), 'utf8');
const SAID = { version: '1.2.0', readers: ['ACR39U'] };

describe('the words of a beat', () => {
  it('are looked through once, and once more where a letter is another', () => {
    const words = new BeatWords();
    const first = words.read(JSON_TYPE, bytes(SAID));
    expect(first).toEqual({ ...SAID, chips: [], errors: [] });
    expect(words.read(JSON_TYPE, bytes(SAID))).toBe(first);
    expect(words.read(JSON_TYPE, bytes({ ...SAID, version: '1.2.1' }))).not.toBe(first);
    // Another spelling of the same is looked through by itself.
    const spaced = words.read(JSON_TYPE, Buffer.from(JSON.stringify(SAID, null, 1)));
    expect(spaced).toEqual(first);
    expect(spaced).not.toBe(first);
  });

  it('are refused each time, under another type of content too', () => {
    const words = new BeatWords();
    words.read(JSON_TYPE, bytes(SAID));
    const refusal = (type: string | undefined, body: Buffer): unknown => {
      try {
        return words.read(type, body);
      } catch (error) {
        return codeOf(error);
      }
    };
    for (let n = 0; n < 2; n += 1) {
      expect(refusal('text/plain', bytes(SAID))).toBe('request.unsupported-media');
      expect(refusal(undefined, bytes(SAID))).toBe('request.unsupported-media');
      expect(refusal(JSON_TYPE, bytes({ ...SAID, customerNo: '65' }))).toBe('request.malformed');
      expect(refusal(JSON_TYPE, Buffer.from('{"version":"\xff"}', 'latin1'))).toBe('request.malformed');
    }
  });

  it('are not kept where they are long', () => {
    const words = new BeatWords();
    const long = bytes({
      ...SAID,
      engine: 'x'.repeat(300),
      readers: Array(4).fill('r'.repeat(64)),
      chips: [],
      errors: Array.from({ length: 32 }, (_, n) => ({ code: `reader.fault-${n}`, count: 1 })),
    });
    expect(words.read(JSON_TYPE, long)).not.toBe(words.read(JSON_TYPE, long));
  });
});
