import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { decodeFields, encodeFields, type Field } from './fields.ts';
import { gbkFit } from './gbk.ts';

const encode = (field: Field, value: unknown): Buffer =>
  encodeFields([field], { [field.name]: value } as never);
const decode = (field: Field, bytes: Uint8Array): unknown =>
  (decodeFields([field], bytes) as Record<string, unknown>)[field.name];
const refusal = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return codeOf(error);
  }
  return undefined;
};

describe('the bytes of a field', () => {
  const text = { name: 'name', kind: 'text', width: 8 } as const;

  it.each([
    [text, '张', 'd5c5202020202020'],
    [{ ...text, pad: 'left-space' }, '张', '202020202020d5c5'],
    [{ name: 'n', kind: 'number', width: 4 }, 35, '30303335'],
    [{ name: 'n', kind: 'number', width: 4, pad: 'left-space' }, 35, '20203335'],
    [{ name: 'n', kind: 'signed', width: 5 }, -35, '2d30303335'],
    [{ name: 'n', kind: 'signed', width: 5 }, 0, '2b30303030'],
    [{ name: 'h', kind: 'hex', width: 6 }, 'A5', '413520202020'],
    [{ name: 'h', kind: 'long-hex', width: 3 }, 'A5', '3030324135'],
  ] as const)('are padded as it says: %j %s', (field, value, hex) => {
    expect(encode(field, value).toString('hex')).toBe(hex);
    expect(decode(field, Buffer.from(hex, 'hex'))).toBe(value);
  });

  it('are counted, not characters', () => {
    expect(encode(text, '张建国a')).toHaveLength(8);
    expect(refusal(() => encode(text, '张建国ab电'))).toBe('wire.malformed');
  });

  it.each([
    ['half a character at the end', 'd5c520202020d5c5'.replace(/c5$/, '20')],
    ['half a character before padding', 'd520202020202020'],
    ['a second half alone', '2020c52020202020'],
    ['no character of GBK', 'ffff202020202020'],
    ['the euro sign of code page 936', '8020202020202020'],
    ['a control character', '0a20202020202020'],
  ])('are refused with %s', (_, hex) => {
    expect(refusal(() => decode(text, Buffer.from(hex, 'hex')))).toBe('wire.malformed');
  });

  it.each(['ئۇيغۇر', '€', '😀', 'a\nb', 'ends in space ', '𠀀'])('are not made for %j', (value) => {
    expect(refusal(() => encode({ ...text, width: 32 }, value))).toBe('wire.malformed');
  });

  it.each([
    ['number', '00x5'],
    ['number', '    '],
    ['number', ' 035'],
    ['signed', '0035'],
    ['signed', '-000'],
    ['digits', '12 4'],
    ['hex', 'ab  '],
    ['hex', 'ABC '],
    ['hex', 'A  B'],
    ['long-hex', '0003ABC'],
    ['long-hex', '0004AB'],
  ] as const)('of kind %s are not %j', (kind, content) => {
    const field = { name: 'f', kind, width: 4 } as const;
    expect(refusal(() => decode(field, Buffer.from(content)))).toBe('wire.malformed');
  });

  it('are none after the last field', () => {
    expect(refusal(() => decode(text, Buffer.alloc(9, ' ')))).toBe('wire.malformed');
  });
});

describe('a text that must fit', () => {
  it.each([
    ['张建国', 5, '张建'],
    ['ئۇ张', 10, '??张'],
    ['a   b', 4, 'a'],
    ['', 4, ''],
  ])('%j in %i bytes is %j', (text, width, fitted) => {
    expect(gbkFit(text, width)).toBe(fitted);
  });
});
