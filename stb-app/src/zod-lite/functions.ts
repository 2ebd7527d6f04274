import { regexes } from 'zod/v4/core';
import { fault, inside, Schema, type Faults } from './schema.ts';

/**
 * As much of zod as the schemas of `shared/` use that a box reads answers with, under zod's names: the build puts it in
 * zod's place (decision 18 has why: `zod/mini` 4.6.7 is 10 KB compressed with these kinds alone, of the 164 that the page may
 * weigh). The same values pass, and come out the same; a test asks both. Messages are its own.
 */

type Shape = Readonly<Record<string, Schema>>;
/** Keys that a shape does not name: left out, kept, or a fault. */
type Others = 'strip' | 'keep' | 'refuse';

const MAX = Number.MAX_SAFE_INTEGER;

class Sized extends Schema {
  min(least: number): Sized {
    return new Sized(this.also((value) => sizeOf(value) >= least, `less than ${least}`));
  }

  max(most: number): Sized {
    return new Sized(this.also((value) => sizeOf(value) <= most, `more than ${most}`));
  }
}

class Text extends Sized {
  override min(least: number): Text {
    return new Text(super.min(least).read);
  }

  override max(most: number): Text {
    return new Text(super.max(most).read);
  }

  length(chars: number): Text {
    return this.min(chars).max(chars);
  }

  regex(pattern: RegExp): Text {
    return new Text(this.also((value) => pattern.test(value as string), 'of another form'));
  }
}

class Choice<Value extends string> extends Schema {
  readonly options: readonly Value[];
  constructor(options: readonly Value[]) {
    super((value, faults) => {
      if (options.indexOf(value as Value) < 0) fault(faults, `none of ${options.join(', ')}`);
      return value;
    });
    this.options = options;
  }
}

class Literal extends Schema {
  readonly options: readonly unknown[];
  constructor(only: unknown) {
    super((value, faults) => {
      if (value !== only) fault(faults, `not ${String(only)}`);
      return value;
    });
    this.options = [only];
  }
}

class Fields extends Schema {
  readonly shape: Shape;
  constructor(shape: Shape, others: Others) {
    const names = Object.keys(shape);
    super((value, faults) => {
      if (!isFields(value)) return wrong(faults, 'an object');
      const read: Record<string, unknown> = {};
      for (const name of names) {
        const schema = shape[name] as Schema;
        if (name in value || schema.absent === 'read')
          read[name] = schema.read(value[name], inside(faults, name));
        else if (schema.absent === 'fault') fault(inside(faults, name), 'absent');
      }
      if (others !== 'strip') readOthers(value, { names, others, read, faults });
      return read;
    });
    this.shape = shape;
  }
}

function readOthers(
  value: Readonly<Record<string, unknown>>,
  into: { names: readonly string[]; others: Others; read: Record<string, unknown>; faults: Faults },
): void {
  for (const name of Object.keys(value)) {
    if (into.names.indexOf(name) >= 0) continue;
    if (into.others === 'refuse') return fault(into.faults, `knows no ${name}`);
    if (name !== '__proto__') into.read[name] = value[name];
  }
}

function list(each: Schema): Sized {
  return new Sized((value, faults) =>
    Array.isArray(value)
      ? value.map((one: unknown, index) => each.read(one, inside(faults, index)))
      : wrong(faults, 'a list'),
  );
}

export function tuple(items: readonly Schema[]): Schema {
  return new Schema((value, faults) => {
    if (!Array.isArray(value) || value.length !== items.length)
      return wrong(faults, `${items.length} values`);
    return items.map((item, index) => item.read(value[index], inside(faults, index)));
  });
}

export function record(names: Schema, each: Schema): Schema {
  return new Schema((value, faults) => {
    if (!isFields(value)) return wrong(faults, 'an object');
    const read: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      if (name === '__proto__') continue;
      names.read(name, inside(faults, name));
      read[name] = each.read(value[name], inside(faults, name));
    }
    return read;
  });
}

export function union(choices: readonly Schema[]): Schema {
  return new Schema((value, faults) => {
    for (const choice of choices) {
      const tried = choice.safeParse(value);
      if (tried.success) return tried.data;
    }
    return wrong(faults, 'one of several');
  });
}

export function discriminatedUnion(by: string, choices: readonly Fields[]): Schema {
  const values = (choice: Fields): readonly unknown[] =>
    (choice.shape[by] as Literal | Choice<string>).options;
  return new Schema((value, faults) => {
    if (!isFields(value)) return wrong(faults, 'an object');
    const choice = choices.find((each) => values(each).indexOf(value[by]) >= 0);
    return choice === undefined
      ? wrong(inside(faults, by), 'one of those known')
      : choice.read(value, faults);
  });
}

function wrong(faults: Faults, wanted: string): undefined {
  fault(faults, `not ${wanted}`);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sizeOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as { length: number }).length;
}

const is = (holds: (value: unknown) => boolean, wanted: string) => (value: unknown, faults: Faults) =>
  holds(value) ? value : wrong(faults, wanted);
const text = (): Text => new Text(is((value) => typeof value === 'string', 'text'));

export const uuid = (): Text => text().regex(regexes.uuid());
export const iso = { datetime: (how: { offset: true }): Text => text().regex(regexes.datetime(how)) };

export const number = (): Sized =>
  new Sized(is((value) => typeof value === 'number' && isFinite(value), 'a number'));
export const int = (): Sized =>
  new Sized(
    is((value) => typeof value === 'number' && value % 1 === 0 && Math.abs(value) <= MAX, 'a whole number'),
  );
/** Of a query's text. */
export const coerce = {
  number: () => ({ int: () => new Sized((value, faults) => int().read(Number(value), faults)) }),
};

export const boolean = (): Schema => new Schema(is((value) => typeof value === 'boolean', 'true or false'));
export const unknown = (): Schema => new Schema((value) => value, 'skip');
export const literal = (only: unknown): Literal => new Literal(only);
const choice = <Value extends string>(options: readonly Value[]): Choice<Value> => new Choice(options);

export const object = (shape: Shape): Fields => new Fields(shape, 'strip');
export const strictObject = (shape: Shape): Fields => new Fields(shape, 'refuse');
export const looseObject = (shape: Shape): Fields => new Fields(shape, 'keep');

export { choice as enum, list as array, text as string };
