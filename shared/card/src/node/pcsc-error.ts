import { UsbError } from '../usb/error.ts';
import type { UsbErrorCode } from '../usb/error.ts';

/**
 * What becomes of a command whose card left in the middle: a failure that does not say so, SCARD_E_NOT_TRANSACTED on
 * most readers (R:e-Contract/commons-eid issue 12), or a success without an answer (pcsc-lite 1.9.9 over vpcd).
 */
export function isNameless(error: unknown): boolean {
  return error instanceof UsbError && error.code === 'pcsc.io';
}

const MESSAGES: Readonly<Partial<Record<UsbErrorCode, string>>> = {
  'pcsc.no-service': 'The smart-card service is not running; start it, or plug the reader in again.',
  'pcsc.no-card': 'There is no card in the reader; put it in.',
  'pcsc.mute': 'The card does not answer; put it in the right way round.',
  'pcsc.removed': 'The card was taken out; put it back in.',
  'pcsc.busy': 'Another program uses the reader; close it.',
  'pcsc.timeout': 'The smart-card service does not answer; plug the reader in again.',
  'pcsc.gone': 'The reader was unplugged; plug it in again.',
};

export function pcscError(code: UsbErrorCode, status?: string): UsbError {
  const message = MESSAGES[code] ?? 'The smart-card service failed; take the card out and put it in again.';
  return new UsbError({ code, message, ...(status === undefined ? {} : { context: { status } }) });
}
