import { CodedError } from '@bianmin/card/errors';

export type TrustErrorCode =
  /** No root document as this version knows them, or no chain of them. */
  | 'trust.root-malformed'
  /** Too few of its own signers, or of those of the root before it, have signed the root. */
  | 'trust.root-unsigned'
  /** The root does not follow the one that is kept. */
  | 'trust.root-order'
  /** The root that is kept has run out. */
  | 'trust.root-expired'
  /** The document has run out by the server's clock. */
  | 'trust.expired'
  /** The document has run out, or is not signed yet, by a clock that may be wrong; or no clock is known. */
  | 'trust.clock';

/** Why a signed document, or who signs them, is not believed. */
export class TrustError extends CodedError<TrustErrorCode> {
  override readonly name = 'TrustError';
}
