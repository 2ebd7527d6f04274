import { CodedError } from '@bianmin/card/errors';

export type PrinterErrorCode =
  /** Not plugged in, switched off, or unplugged while it was used: the port is dead. */
  | 'printer.gone'
  /** The system, or another program, does not let us use it. */
  | 'printer.denied'
  /** It took no bytes in the time it had. */
  | 'printer.timeout';

/** A failure of a printer's port. After `printer.gone` the port is dead. */
export class PrinterError extends CodedError<PrinterErrorCode> {}
