import { WireError } from '../wire/error.ts';

/** A frame, record or field that is not as the tables say. Names the field, never its content. */
export function malformed(field: string, what: string): WireError {
  return new WireError({
    code: 'wire.malformed',
    message: `The field ${field} ${what}. Compare both ends' field tables.`,
    context: { field },
  });
}
