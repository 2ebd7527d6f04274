import * as fc from 'fast-check';
import { z } from 'zod';

type Json = z.core.JSONSchema.BaseSchema;

/**
 * Values for a schema: what it describes, and the same with something wrong somewhere (a key gone, a key too many,
 * another value in its place).
 */
export function arbitraryOf(schema: z.ZodType, kind: 'valid' | 'any' = 'any'): fc.Arbitrary<unknown> {
  const valid = described(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return kind === 'valid' ? valid : fc.oneof({ weight: 2, arbitrary: valid }, valid.chain(damaged));
}

function described(json: Json): fc.Arbitrary<unknown> {
  if (json.const !== undefined) return fc.constant(json.const);
  if (json.enum !== undefined) return fc.constantFrom(...(json.enum as unknown[]));
  const choices = json.anyOf ?? json.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((each) => described(each)));
  const types = json.type as unknown;
  if (Array.isArray(types)) {
    return fc.oneof(...(types as 'string'[]).map((type) => described({ ...json, type })));
  }
  switch (json.type) {
    case 'string':
      return text(json);
    case 'integer':
    case 'number':
      return numbers(json);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return list(json);
    case 'object':
      return object(json);
    default:
      return fc.jsonValue();
  }
}

function text(json: Json): fc.Arbitrary<string> {
  if (json.format === 'date-time')
    return fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (json.format === 'uuid') return fc.uuid();
  if (json.pattern !== undefined) return fc.stringMatching(new RegExp(json.pattern));
  return fc.string({ minLength: json.minLength ?? 0, maxLength: json.maxLength ?? 40 });
}

function numbers(json: Json): fc.Arbitrary<number> {
  const bounds = { min: json.minimum ?? -(2 ** 53) + 1, max: json.maximum ?? 2 ** 53 - 1 };
  return json.type === 'integer'
    ? fc.maxSafeInteger().map((n) => within(n, bounds))
    : fc.double({ ...bounds, noNaN: true });
}

function within(n: number, { min, max }: { min: number; max: number }): number {
  return n >= min && n <= max ? n : min + (Math.abs(n) % (max - min + 1));
}

function list(json: Json): fc.Arbitrary<unknown[]> {
  if (json.prefixItems !== undefined) {
    return fc.tuple(...json.prefixItems.map((each) => described(each as Json)));
  }
  return fc.array(described((json.items ?? {}) as Json), {
    minLength: json.minItems ?? 0,
    maxLength: Math.min(json.maxItems ?? 4, 4),
  });
}

function object(json: Json): fc.Arbitrary<unknown> {
  if (json.properties === undefined) {
    const names = described((json.propertyNames ?? { type: 'string' }) as Json);
    return fc.dictionary(
      names as fc.Arbitrary<string>,
      described((json.additionalProperties ?? {}) as Json),
      {
        maxKeys: 4,
      },
    );
  }
  const fields = Object.entries(json.properties).map(([name, each]) => [name, described(each as Json)]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: json.required ?? [],
  });
}

/** The value with one thing changed. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.constantFrom(null, undefined, '', 'x', ' 1', 0, -1, 1.5, 2 ** 53, NaN, Infinity, true, [], {}, [[]]),
    fc.jsonValue(),
  );
  if (Array.isArray(value) && value.length > 0) {
    return fc
      .nat(value.length - 1)
      .chain((at) => damaged(value[at]).map((other) => (value as unknown[]).with(at, other)));
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return odd;
  const fields = value as Record<string, unknown>;
  const name = fc.constantFrom(...Object.keys(fields));
  return fc.oneof(
    odd,
    name.map((gone) => Object.fromEntries(Object.entries(fields).filter(([each]) => each !== gone))),
    fc.tuple(fc.string(), odd).map(([more, other]) => ({ [more]: other, ...fields })),
    name.chain((at) => damaged(fields[at]).map((other) => ({ ...fields, [at]: other }))),
  );
}
