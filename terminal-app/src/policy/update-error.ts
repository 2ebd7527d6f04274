import { CodedError } from '@bianmin/card/errors';

/** Why a release is not installed. */
export type UpdateFault =
  /** Too few have signed it, or it is of another kind or version than it says. */
  | 'update.unsigned'
  /** It was signed too long ago. */
  | 'update.expired'
  /** It is no newer than what runs. */
  | 'update.older'
  /** What came is not what was signed. */
  | 'update.other-bytes';

export class UpdateError extends CodedError<UpdateFault> {
  override readonly name = 'UpdateError';
}
