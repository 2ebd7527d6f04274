import { CodedError } from '@bianmin/card/errors';

/** A message did not arrive. `why`: in words of ours, or the other side's number (`dingtalk-310000`); never an address or a key. */
export class SendError extends CodedError<'alert.not-delivered'> {
  readonly why: string;

  constructor(why: string) {
    super({
      code: 'alert.not-delivered',
      message: `The message was not delivered: ${why}.`,
      context: { why },
    });
    this.why = why;
  }
}

/** Why a message did not arrive, in few letters. */
export function whyOf(error: unknown): string {
  return error instanceof SendError ? error.why : 'failed';
}
