/** Where a value was not as described. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What is told of a value: each fault, with the way to it. */
export interface Faults {
  readonly at: readonly PropertyKey[];
  readonly issues: Issue[];
}

/** Gives the value as it is to be taken, or tells a fault; then what it gives is not looked at. */
type Reader = (value: unknown, faults: Faults) => unknown;

export function fault(faults: Faults, message: string): void {
  faults.issues.push({ path: faults.at, message });
}

/** The same faults, a step further in. */
export function inside(faults: Faults, step: PropertyKey): Faults {
  return { at: faults.at.concat([step]), issues: faults.issues };
}

/** Tells that a value is not of the kind that was wanted. */
export function wrong(faults: Faults, wanted: string): undefined {
  fault(faults, `not ${wanted}`);
}

/** Of an object's key that is absent: a fault, nothing, or read as undefined. */
type Absent = 'fault' | 'skip' | 'read';

/** What comes out of a schema. */
export type Infer<Of> = Of extends { parse(value: unknown): infer Out } ? Out : never;

export type Result<Out> =
  { readonly success: true; readonly data: Out } | { readonly success: false; readonly error: SchemaError };

/** What a value must be like. */
export class Schema<Out = unknown, WhenAbsent extends Absent = Absent> {
  readonly read: Reader;
  readonly absent: WhenAbsent;

  constructor(read: Reader, absent: WhenAbsent = 'fault' as WhenAbsent) {
    this.read = read;
    this.absent = absent;
  }

  optional(): Schema<Out | undefined, 'skip'> {
    return new Schema(
      (value, faults) => (value === undefined ? undefined : this.read(value, faults)),
      'skip',
    );
  }

  exactOptional(): Schema<Out, 'skip'> {
    return new Schema(this.read, 'skip');
  }

  nullable(): Schema<Out | null, 'fault'> {
    return new Schema((value, faults) => (value === null ? null : this.read(value, faults)));
  }

  default(instead: Out): Schema<Out, 'read'> {
    return new Schema((value, faults) => (value === undefined ? instead : this.read(value, faults)), 'read');
  }

  refine(holds: (value: Out) => boolean): Schema<Out, WhenAbsent> {
    return new Schema(this.also(holds as (value: unknown) => boolean, 'not as it must be'), this.absent);
  }

  safeParse(value: unknown): Result<Out> {
    const issues: Issue[] = [];
    const data = this.read(value, { at: [], issues });
    return issues.length === 0
      ? { success: true, data: data as Out }
      : { success: false, error: new SchemaError(issues) };
  }

  /** Throws `SchemaError`. */
  parse(value: unknown): Out {
    const result = this.safeParse(value);
    if (result.success) return result.data;
    throw result.error;
  }

  /** `holds` is asked once nothing else was at fault. */
  protected also(holds: (value: unknown) => boolean, message: string): Reader {
    return (value, faults) => {
      const before = faults.issues.length;
      const data = this.read(value, faults);
      if (faults.issues.length === before && !holds(data)) fault(faults, message);
      return data;
    };
  }
}

export class SchemaError extends Error {
  readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[]) {
    super(issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
    this.name = 'SchemaError';
    this.issues = issues;
  }
}
