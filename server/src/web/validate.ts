import { z } from 'zod';
import { ProblemError } from '../kernel/problem.ts';

type Part = 'params' | 'query' | 'body';
type FieldError = { pointer: string; detail: string };

/**
 * Checks each part of a request by its schema and names every field at fault at once, as JSON pointers
 * (RFC 6901) into `{params, query, body}`. Details come from the schemas and never repeat a value.
 */
export function validateRequest(
  schemas: Partial<Record<Part, z.ZodType | undefined>>,
  given: Record<Part, unknown>,
): Record<Part, unknown> {
  const result: Record<Part, unknown> = { params: undefined, query: undefined, body: undefined };
  const errors: FieldError[] = [];
  for (const part of ['params', 'query', 'body'] as const) {
    const schema = schemas[part];
    if (schema === undefined) continue;
    const odd = part === 'body' ? [] : numbersInOtherWords(schema, given[part]);
    errors.push(...odd.map((name) => ({ pointer: pointerOf([part, name]), detail: 'must be digits' })));
    const parsed = schema.safeParse(given[part]);
    if (parsed.success) result[part] = parsed.data;
    else {
      const others = parsed.error.issues.filter(({ path: [first] }) => !odd.includes(String(first)));
      errors.push(...others.flatMap((issue) => fieldErrors([part], issue)));
    }
  }
  if (errors.length === 0) return result;
  throw new ProblemError({
    code: 'request.malformed',
    message: `The request does not match its schema. Correct ${errors.map((error) => error.pointer).join(', ')}.`,
    errors: errors.slice(0, 50),
  });
}

/**
 * The whole numbers of an address that are not written in digits. `Number` reads nothing at all as 0, and `0x10`, `1e3`
 * and ` 5` as numbers too, which no reader of our document would send.
 */
function numbersInOtherWords(schema: z.ZodType, given: unknown): readonly string[] {
  const values = given as Readonly<Record<string, unknown>>;
  return numbersOf(schema).filter((name) => {
    const value = values[name];
    return value !== undefined && !(typeof value === 'string' && /^-?\d+$/.test(value));
  });
}

const NUMBERS = new WeakMap<z.ZodType, readonly string[]>();

function numbersOf(schema: z.ZodType): readonly string[] {
  const known = NUMBERS.get(schema);
  if (known !== undefined) return known;
  const fields = schema instanceof z.ZodObject ? Object.entries(schema.shape) : [];
  const numbers = fields.filter(([, field]) => isNumber(field as z.ZodType)).map(([name]) => name);
  NUMBERS.set(schema, numbers);
  return numbers;
}

function isNumber(field: z.ZodType): boolean {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault)
    return isNumber(field.unwrap() as z.ZodType);
  return field instanceof z.ZodNumber;
}

function fieldErrors(base: readonly PropertyKey[], issue: z.core.$ZodIssue): FieldError[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerOf([...path, key]), detail: 'is not expected here' }));
  }
  return [{ pointer: pointerOf(path), detail: issue.message }];
}

/** RFC 6901: `~` and `/` inside a name are escaped. A hostile name is cut to what a person can read. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => `/${String(step).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}
