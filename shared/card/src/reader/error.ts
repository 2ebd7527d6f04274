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

/** What a session says whose card left. */
export function removed(cause?: unknown): ReaderError {
  return new ReaderError({
    code: 'reader.removed',
    message: 'The card was taken out; put it back in.',
    cause,
  });
}

/** What everything says of a reader that was unplugged. */
export function unplugged(cause?: unknown): ReaderError {
  return new ReaderError({
    code: 'reader.gone',
    message: 'The reader was unplugged; plug it in again.',
    cause,
  });
}

/** The card or the reader went away: a person can put it back and go on. */
export function isRemoval(error: unknown): boolean {
  return error instanceof ReaderError && isRemovalCode(error.code);
}

/** The same of a code alone, as it travels. */
export function isRemovalCode(code: string): boolean {
  return code === 'reader.removed' || code === 'reader.no-card' || code === 'reader.gone';
}
