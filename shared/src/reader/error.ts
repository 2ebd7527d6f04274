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
  return (
    error instanceof ReaderError &&
    (error.code === 'reader.removed' || error.code === 'reader.no-card' || error.code === 'reader.gone')
  );
}
