import { CodedError } from '../errors.ts';

export type ReaderErrorCode =
  | 'reader.none'
  | 'reader.no-card'
  | 'reader.mute'
  | 'reader.removed'
  | 'reader.timeout'
  | 'reader.busy'
  | 'reader.gone'
  | 'reader.unsupported'
  | 'reader.protocol'
  | 'reader.io';

export class ReaderError extends CodedError<ReaderErrorCode> {}

/** The card or the reader went away: a person can put it back and go on. */
export function isRemoval(error: unknown): boolean {
  return error instanceof ReaderError && isRemovalCode(error.code);
}

/** The same of a code alone, as it travels. */
export function isRemovalCode(code: string): boolean {
  return code === 'reader.removed' || code === 'reader.no-card' || code === 'reader.gone';
}
