import { isFields, type Fields } from './fields.ts';
import { fault, inside, Schema, wrong, type Faults, type Infer } from './schema.ts';

/**
 * What the card layer reads files and messages with, under zod's names: a library that a reader of cards installs brings none
 * of its own. The home box's pages have it in zod's place. The same values pass as with zod, and come out the same; a test of
 * the box asks both. Messages are its own.
 */

const MAX = Number.MAX_SAFE_INTEGER;

export class Sized<Out> extends Schema<Out, 'fault'> {
  min(least: number): Sized<Out> {
    return new Sized(this.also((value) => sizeOf(value) >= least, `less than ${least}`));
  }

  max(most: number): Sized<Out> {
    return new Sized(this.also((value) => sizeOf(value) <= most, `more than ${most}`));
  }
}

export class Text extends Sized<string> {
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

class Choice<Value extends string> extends Schema<Value, 'fault'> {
  readonly options: readonly Value[];
  constructor(options: readonly Value[]) {
    super((value, faults) => {
      if (options.indexOf(value as Value) < 0) fault(faults, `none of ${options.join(', ')}`);
      return value;
    });
    this.options = options;
  }
}

class Literal<Value> extends Schema<Value, 'fault'> {
  readonly options: readonly Value[];
  constructor(only: Value) {
    super((value, faults) => {
      if (value !== only) fault(faults, `not ${String(only)}`);
      return value;
    });
    this.options = [only];
  }
}

function list<Of extends Schema>(each: Of): Sized<Infer<Of>[]> {
  return new Sized((value, faults) =>
    Array.isArray(value)
      ? value.map((one: unknown, index) => each.read(one, inside(faults, index)))
      : wrong(faults, 'a list'),
  );
}

export function tuple<const Of extends readonly Schema[]>(
  items: Of,
): Schema<{ -readonly [Key in keyof Of]: Infer<Of[Key]> }, 'fault'> {
  return new Schema((value, faults) => {
    if (!Array.isArray(value) || value.length !== items.length)
      return wrong(faults, `${items.length} values`);
    return items.map((item, index) => item.read(value[index], inside(faults, index)));
  });
}

export function record<Of extends Schema>(
  names: Schema,
  each: Of,
): Schema<Record<string, Infer<Of>>, 'fault'> {
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

export function union<const Of extends readonly Schema[]>(choices: Of): Schema<Infer<Of[number]>, 'fault'> {
  return new Schema((value, faults) => {
    for (const choice of choices) {
      const tried = choice.safeParse(value);
      if (tried.success) return tried.data;
    }
    return wrong(faults, 'one of several');
  });
}

export function discriminatedUnion<const Of extends readonly Fields[]>(
  by: string,
  choices: Of,
): Schema<Infer<Of[number]>, 'fault'> {
  const values = (choice: Fields): readonly unknown[] =>
    (choice.shape[by] as Literal<unknown> | Choice<string>).options;
  return new Schema((value, faults) => {
    if (!isFields(value)) return wrong(faults, 'an object');
    const choice = choices.find((each) => values(each).indexOf(value[by]) >= 0);
    return choice === undefined
      ? wrong(inside(faults, by), 'one of those known')
      : choice.read(value, faults);
  });
}

function sizeOf(value: unknown): number {
  return typeof value === 'number' ? value : (value as { length: number }).length;
}

const is = (holds: (value: unknown) => boolean, wanted: string) => (value: unknown, faults: Faults) =>
  holds(value) ? value : wrong(faults, wanted);

const text = (): Text => new Text(is((value) => typeof value === 'string', 'text'));
export const number = (): Sized<number> =>
  new Sized(is((value) => typeof value === 'number' && isFinite(value), 'a number'));
export const int = (): Sized<number> =>
  new Sized(
    is((value) => typeof value === 'number' && value % 1 === 0 && Math.abs(value) <= MAX, 'a whole number'),
  );
/** Of a query's text. */
export const coerce = {
  number: () => ({ int: () => new Sized<number>((value, faults) => int().read(Number(value), faults)) }),
};

export const boolean = (): Schema<boolean, 'fault'> =>
  new Schema(is((value) => typeof value === 'boolean', 'true or false'));
export const unknown = (): Schema<unknown, 'skip'> => new Schema((value) => value, 'skip');
export const custom = <Out>(holds: (value: unknown) => boolean): Schema<Out, 'fault'> =>
  new Schema(is(holds, 'of the kind that is wanted'));
export const literal = <const Value>(only: Value): Schema<Value, 'fault'> => new Literal(only);
const choice = <const Value extends string>(options: readonly Value[]): Schema<Value, 'fault'> =>
  new Choice(options);

export { object, strictObject, looseObject } from './fields.ts';
export { choice as enum, list as array, text as string };
export type { Infer as infer, Infer as output } from './schema.ts';
