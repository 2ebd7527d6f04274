import { fault, inside, Schema, wrong, type Faults, type Infer } from './schema.ts';

export type Shape = Readonly<Record<string, Schema>>;
/** Keys that a shape does not name: left out, kept, or a fault. */
type Others = 'strip' | 'keep' | 'refuse';

type Flat<Of> = { [Key in keyof Of]: Of[Key] };
type MayBeAbsent<Of> = {
  [Key in keyof Of]: Of[Key] extends { readonly absent: 'skip' } ? Key : never;
}[keyof Of];
type FieldsOut<Of> = Flat<
  { [Key in Exclude<keyof Of, MayBeAbsent<Of>>]: Infer<Of[Key]> } & {
    [Key in MayBeAbsent<Of>]?: Infer<Of[Key]>;
  }
>;

export class Fields<Of extends Shape = Shape, More = unknown> extends Schema<FieldsOut<Of> & More, 'fault'> {
  readonly shape: Of;
  constructor(shape: Of, others: Others) {
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

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const object = <Of extends Shape>(shape: Of): Fields<Of> => new Fields(shape, 'strip');
export const strictObject = <Of extends Shape>(shape: Of): Fields<Of> => new Fields(shape, 'refuse');
export const looseObject = <Of extends Shape>(shape: Of): Fields<Of, Record<string, unknown>> =>
  new Fields(shape, 'keep');
