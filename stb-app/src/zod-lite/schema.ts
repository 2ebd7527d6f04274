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
export type Reader = (value: unknown, faults: Faults) => unknown;

export function fault(faults: Faults, message: string): void {
  faults.issues.push({ path: faults.at, message });
}

/** The same faults, a step further in. */
export function inside(faults: Faults, step: PropertyKey): Faults {
  return { at: faults.at.concat([step]), issues: faults.issues };
}

/** Of an object's key that is absent: a fault, nothing, or read as undefined. */
type Absent = 'fault' | 'skip' | 'read';

/** What a value must be like. */
export class Schema {
  readonly read: Reader;
  readonly absent: Absent;

  constructor(read: Reader, absent: Absent = 'fault') {
    this.read = read;
    this.absent = absent;
  }

  optional(): Schema {
    return new Schema(
      (value, faults) => (value === undefined ? undefined : this.read(value, faults)),
      'skip',
    );
  }

  exactOptional(): Schema {
    return new Schema(this.read, 'skip');
  }

  nullable(): Schema {
    return new Schema((value, faults) => (value === null ? null : this.read(value, faults)));
  }

  default(instead: unknown): Schema {
    return new Schema((value, faults) => (value === undefined ? instead : this.read(value, faults)), 'read');
  }

  refine(holds: (value: never) => boolean): Schema {
    return new Schema(this.also(holds as (value: unknown) => boolean, 'not as it must be'), this.absent);
  }

  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: SchemaError } {
    const issues: Issue[] = [];
    const data = this.read(value, { at: [], issues });
    return issues.length === 0 ? { success: true, data } : { success: false, error: new SchemaError(issues) };
  }

  /** Throws `SchemaError`. */
  parse(value: unknown): unknown {
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
