import { CodedError } from '../errors.ts';

export type FramingErrorCode =
  | 'framing.short'
  | 'framing.length'
  | 'framing.type'
  | 'framing.descriptor'
  | 'framing.atr'
  | 'framing.pps'
  | 'framing.block'
  | 'framing.checksum';

/** Bytes that are not what the protocol says. Nothing is known of what the other side did. */
export class FramingError extends CodedError<FramingErrorCode> {}

export function framingError(code: FramingErrorCode, what: string, context = {}): FramingError {
  return new FramingError({
    code,
    message: `${what} Ask again, and replace the reader if it goes on.`,
    context,
  });
}
