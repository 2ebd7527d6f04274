import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import { ReaderError, unplugged } from './error.ts';
import type { ReaderErrorCode } from './error.ts';

/** What a failed exchange with the reader is to the caller. Errors of neither kind pass through. */
export function linkError(error: unknown): unknown {
  if (error instanceof FramingError) {
    const { message, context } = error;
    return new ReaderError({ code: 'reader.protocol', message, cause: error, context });
  }
  if (!(error instanceof UsbError)) return error;
  switch (error.code) {
    case 'usb.gone':
      return unplugged(error);
    case 'usb.stall':
      return readerError(
        'reader.io',
        'The reader stopped in the middle; take the card out and in again.',
        error,
      );
    case 'usb.timeout':
      return readerError(
        'reader.timeout',
        'The card takes too long; take it out and put it in again.',
        error,
      );
    default:
      return readerError('reader.io', 'The reader cannot be reached; check its cable.', error);
  }
}

/**
 * A card that asks for more time without end, or that left in the middle: treated as any other answer that does not
 * come, aborted.
 */
export function givenUp(): UsbError {
  return new UsbError({
    code: 'usb.timeout',
    message: 'The card asks for more time without end, or was taken out; put it in again.',
  });
}

/** The answer is late, whatever else came. */
export function tooLong(): UsbError {
  return new UsbError({
    code: 'usb.timeout',
    message: 'The reader takes too long; unplug it and plug it in again.',
  });
}

/** An answer to something else, or too many old ones. */
export function unasked(): ReaderError {
  return new ReaderError({
    code: 'reader.protocol',
    message: 'The reader answers something else than it was asked; unplug it and plug it in again.',
  });
}

function readerError(code: ReaderErrorCode, message: string, cause: unknown): ReaderError {
  return new ReaderError({ code, message, cause });
}
