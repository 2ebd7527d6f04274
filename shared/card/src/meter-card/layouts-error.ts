import { CodedError } from '../errors.ts';

export type LayoutsErrorCode =
  /** Not signed by the release key, or changed since. */
  | 'layouts.unsigned'
  /** Signed, and no document of layouts as this version knows them. */
  | 'layouts.malformed'
  /** A layout names bytes that are none of a card's files, or two layouts could not be told apart. */
  | 'layouts.unsafe'
  /** An earlier version than the one that is kept, or another document of the same version. */
  | 'layouts.older';

/** Why a document of layouts is not taken; the one that is kept goes on. */
export class LayoutsError extends CodedError<LayoutsErrorCode> {}
