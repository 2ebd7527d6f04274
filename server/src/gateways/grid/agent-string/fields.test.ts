import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '@bianmin/card/errors';
import { runs } from '@bianmin/card/testing/property-runs';
import { CARD } from './card-record.ts';
import { decodeFields, encodeFields, type Field } from './fields.ts';
import { ANSWER } from './gathered.ts';
import { gbkFit } from './gbk.ts';
import { NEEDED, PLAN, RANGE } from './plan-record.ts';
import { APDU, EXTERNAL_AUTH, PRESENT_CODE, WRITE } from './plan-steps.ts';
import { REGION } from './regions.ts';
import { BODIES, HEAD } from './tables.ts';

const RECORDS = { CARD, PLAN, RANGE, NEEDED, PRESENT_CODE, WRITE, APDU, EXTERNAL_AUTH, REGION, ANSWER };
const TABLES: readonly (readonly [string, readonly Field[]])[] = [
  ['HEAD', HEAD],
  ...Object.entries(BODIES).flatMap(([trade, { request, answer }]) => [
    [`${trade} request`, request] as const,
    [`${trade} answer`, answer] as const,
  ]),
  ...Object.entries(RECORDS),
];
const FIELDS = TABLES.flatMap(([table, fields]) =>
  fields.map((field) => [`${table}.${field.name}`, field] as const),
);

const encode = (field: Field, value: unknown): Buffer =>
  encodeFields([field], { [field.name]: value } as never);
const decode = (field: Field, bytes: Uint8Array): unknown =>
  (decodeFields([field], bytes) as Record<string, unknown>)[field.name];
const there = (field: Field, value: unknown): unknown => decode(field, encode(field, value));
const refusal = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return codeOf(error);
  }
  return undefined;
};

/** Fullest value of a field, and one that is just too much for it. */
function edges({ kind, width }: Field): { full: unknown; over: unknown } {
  switch (kind) {
    case 'text':
      return {
        full: width % 2 === 0 ? '电'.repeat(width / 2) : 'x'.repeat(width),
        over: 'x'.repeat(width + 1),
      };
    case 'digits':
      return { full: '9'.repeat(width), over: '9'.repeat(width + 1) };
    case 'hex':
      return { full: 'F'.repeat(width), over: 'F'.repeat(width + 2) };
    case 'number':
      return { full: 10 ** width - 1, over: 10 ** width };
    case 'signed':
      return { full: -(10 ** (width - 1) - 1), over: 10 ** (width - 1) };
    case 'long-hex': {
      const longest = Math.min(10 ** width - 2, 40_000);
      return {
        full: 'AB'.repeat(longest / 2),
        over: longest === 40_000 ? 'A' : 'AB'.repeat(longest / 2 + 1),
      };
    }
  }
}

/** Every value that a field can hold. */
function values({ kind, width, pad, optional }: Field): fc.Arbitrary<unknown> {
  const character = fc.constantFrom(...'aZ09 .,·’电卡购買〇龥　’');
  const hex = (digits: number): fc.Arbitrary<string> =>
    fc
      .uint8Array({ maxLength: Math.floor(Math.min(digits, 600) / 2) })
      .map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase());
  const digit = fc.constantFrom(...'0123456789');
  const made: Record<Field['kind'], fc.Arbitrary<unknown>> = {
    text: fc.string({ unit: character, maxLength: width }).map((text) => {
      const fitted = gbkFit(text, width);
      return pad === 'left-space' ? fitted.trimStart() : fitted.replace(/ +$/, '');
    }),
    digits: fc.string({ unit: digit, minLength: width, maxLength: width }),
    hex: hex(width).filter((digits) => optional !== true || digits !== ''),
    number: fc.nat({ max: Math.min(10 ** width - 1, 2 ** 31 - 1) }),
    signed: fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
    'long-hex': hex(10 ** width - 2),
  };
  return optional === true ? fc.option(made[kind]) : made[kind];
}

describe('a field', () => {
  it.each(FIELDS)('%s holds its fullest value and nothing beyond it', (_, field) => {
    const { full, over } = edges(field);
    expect(there(field, full)).toEqual(full);
    if (field.kind !== 'long-hex') expect(encode(field, full)).toHaveLength(field.width);
    expect(refusal(() => encode(field, over))).toBe('wire.malformed');
    expect(refusal(() => decode(field, encode(field, full).subarray(1)))).toBe('wire.malformed');
  });

  it.each(FIELDS)('%s is null or empty when it may be, and refused when it may not', (_, field) => {
    if (field.optional === true) expect(there(field, null)).toBeNull();
    else expect(refusal(() => encode(field, null))).toBe('wire.malformed');
    if (field.kind === 'text') expect(there(field, '')).toBe('');
  });

  it.each(TABLES)('%s comes back as it went in, whatever is in it', (_, table) => {
    const record = fc.record(Object.fromEntries(table.map((field) => [field.name, values(field)])));
    fc.assert(
      fc.property(record, (value) => {
        expect(decodeFields(table, encodeFields(table, value as never))).toEqual(value);
      }),
      { numRuns: runs(50) },
    );
  });
});
