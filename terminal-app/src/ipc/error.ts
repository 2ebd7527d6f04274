import { CodedError } from '@bianmin/card/errors';

export type IpcErrorCode =
  /** No such call in the map. */
  | 'ipc.unknown-call'
  /** The request is not what the map says. */
  | 'ipc.bad-request'
  /** The call exists, and not on this terminal (the sandbox's drawer on a real reader). */
  | 'ipc.unavailable'
  /** The host failed; its log says how. */
  | 'ipc.failed';

export class IpcError extends CodedError<IpcErrorCode> {}
