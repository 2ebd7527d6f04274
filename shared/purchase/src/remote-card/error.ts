import { CodedError } from '@bianmin/card/errors';

export type RemoteCardErrorCode =
  /** The session's kind does not permit this step. Nothing of it was done. */
  | 'remote-card.not-permitted'
  /** Not the card that the session is about. Nothing but its serial was read. */
  | 'remote-card.other-card'
  /** The card was taken out, or the session ended while a write waited for its next stage. */
  | 'remote-card.ended';

export class RemoteCardError extends CodedError<RemoteCardErrorCode> {}

/** `reason` ends the sentence. */
export function notPermitted(reason: string): RemoteCardError {
  return new RemoteCardError({
    code: 'remote-card.not-permitted',
    message: `This step is not permitted in this session: ${reason}. Nothing of it was done.`,
  });
}
