import { CodedError } from '../errors.ts';

export type CliErrorCode =
  /** A command or an option is unknown, missing or misused. */
  | 'cli.usage'
  /** A file cannot be read or written. */
  | 'cli.file'
  /** A file is not what the command takes. Never says what stands in it. */
  | 'cli.bad-file'
  | 'cli.no-reader'
  /** More than one reader could be meant. */
  | 'cli.which-reader'
  /** A recording that does not play back to the same dump is not kept. */
  | 'cli.not-replayable'
  /** A CPU card's plan goes on at the grid, which this tool does not know. */
  | 'cli.grid-needed'
  /** The code is changed only with all tries left. */
  | 'cli.code-tries'
  /** The chip's code is not changed by this tool. */
  | 'cli.no-code-change'
  /** Ctrl-C, where a program reads. */
  | 'cli.interrupted'
  /** The package alone: said before anything else is loaded. */
  | 'cli.node-too-old';

export class CliError extends CodedError<CliErrorCode> {}
