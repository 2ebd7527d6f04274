import { CodedError } from '@bianmin/shared/errors';

/** Why a release is not installed: another key signed it, or what came is not what was signed. */
export type UpdateFault = 'update.unsigned' | 'update.other-bytes';

export class UpdateError extends CodedError<UpdateFault> {
  override readonly name = 'UpdateError';
}
