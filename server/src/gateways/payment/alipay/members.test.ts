import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersOf } from './members.ts';

function cut(text: string): Record<string, string> | undefined {
  const members = membersOf(text);
  return members === undefined
    ? undefined
    : Object.fromEntries([...members].map(([name, { start, end }]) => [name, text.slice(start, end)]));
}

describe('the members of an answer', () => {
  it('are cut out as they came, with their own blanks and escapes', () => {
    expect(cut('{"a_response": {"u":"https:\\/\\/x" , "s":"\\"}"}, "n":-1.5e3,"sign":"Zm9v"}')).toEqual({
      a_response: '{"u":"https:\\/\\/x" , "s":"\\"}"}',
      n: '-1.5e3',
      sign: '"Zm9v"',
    });
  });

  it('none are given when a name stands there twice, however it is spelt', () => {
    expect(cut('{"a":1,"a":2}')).toBeUndefined();
    expect(cut('{"a":1,"\\u0061":2}')).toBeUndefined();
  });

  it.each(['', 'null', '[]', '"x"', '{', '{"a":1}x'])('none are given of %j', (text) => {
    expect(membersOf(text)).toBeUndefined();
  });

  it('are those of JSON itself, for any object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== '__proto__'),
          fc.jsonValue(),
        ),
        fc.constantFrom(undefined, 1),
        (object, space) => {
          const parts = cut(JSON.stringify(object, null, space)) ?? {};
          const read = Object.entries(parts).map(([name, text]) => [name, JSON.parse(text) as unknown]);
          expect(Object.fromEntries(read)).toEqual(JSON.parse(JSON.stringify(object)));
        },
      ),
    );
  });
});
