import { CodedError } from '@bianmin/card/errors';

export type HostErrorCode =
  /** An entry of the journal is damaged, or the disk refuses: the terminal must stop selling. */
  | 'journal.unreadable'
  /** The entry could not be made durable; nothing has been written to the card for it. */
  | 'journal.not-durable'
  /** The environment is not usable; the message names each variable. */
  | 'host.bad-environment'
  /** The file with the terminal's keys is there and cannot be used; a new one would be another terminal. */
  | 'identity.unreadable'
  /** What came sealed was not sealed to this terminal, or was damaged on the way. */
  | 'identity.unseal-failed'
  /** The server names another key for commands than this terminal heard first. */
  | 'command.other-key'
  /** A command that is not signed by that key, not for this terminal, or no command. */
  | 'command.bad-signature'
  /** It was blocked from afar and begins nothing new. */
  | 'terminal.blocked'
  /** The sandbox's world did not do what the drawer asked. */
  | 'sandbox.unavailable';

export class HostError extends CodedError<HostErrorCode> {}
