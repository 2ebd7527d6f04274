import { CodedError } from '../errors.ts';

export type TranscriptErrorCode =
  /** Not a transcript, or one of a form that this version does not know. */
  | 'transcript.malformed'
  /** The driver sends another command than was recorded at this place. */
  | 'transcript.deviates'
  /** The driver sends a command after the last that was recorded. */
  | 'transcript.ended'
  /** The driver stopped before the last command that was recorded. */
  | 'transcript.left-over'
  /** Bytes are shown that the table hides. */
  | 'transcript.unredacted';

export class TranscriptError extends CodedError<TranscriptErrorCode> {}
