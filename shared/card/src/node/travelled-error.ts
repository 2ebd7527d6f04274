import { CodedError, codeOf } from '../errors.ts';
import type { ErrorContext } from '../errors.ts';
import { ReaderError } from '../reader/error.ts';
import type { ReaderErrorCode } from '../reader/error.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbErrorCode } from '../usb/error.ts';
import type { Failure } from './slot-messages.ts';

/** An error for the way to another process: code, sentence and facts; its cause and stack stay here. */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === undefined) return { message };
  const facts = Object.entries(error instanceof CodedError ? error.context : {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return { code, message, ...(facts.length === 0 ? {} : { context: Object.fromEntries(facts) }) };
}

/** The error that came: of the class that its code is of. */
export function errorOf({ code, message, context = {} }: Failure): Error {
  if (code === undefined) return new Error(message);
  const facts: ErrorContext = context;
  if (code.startsWith('reader.')) {
    return new ReaderError({ code: code as ReaderErrorCode, message, context: facts });
  }
  if (code.startsWith('usb.')) return new UsbError({ code: code as UsbErrorCode, message, context: facts });
  return new CodedError({ code, message, context: facts });
}
