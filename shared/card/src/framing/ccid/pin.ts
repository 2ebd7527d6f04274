import { concatBytes } from '../../bytes/compare.ts';
import { framingError } from '../error.ts';
import { secure } from './commands.ts';
import type { CommandBody } from './commands.ts';

/** bPINOperation (CCID rev 1.1 §6.1.11). */
export const PIN_OPERATION = {
  verify: 0,
  modify: 1,
  transferFromSecure: 2,
  wait: 3,
  cancel: 4,
  resendBlock: 5,
  nextPart: 6,
} as const;

/** bEntryValidationCondition: what ends the entry; bits. */
export const PIN_ENDS = { maxDigits: 0x01, key: 0x02, timeout: 0x04 } as const;

/**
 * Verification of a PIN at the reader's own keys, after the byte bPINOperation (§6.1.11.1 to .3): the digits never
 * reach the host. No reader with keys was at hand; nothing in this project sends it.
 */
export interface PinVerification {
  /** Seconds; 0 for the reader's own time. */
  readonly timeout: number;
  /** How digits go into the APDU: system units, position, justification and format (§6.1.11.2). */
  readonly format: number;
  /** PIN block: bits 7–4 size of the length's field in bits, 3–0 size of the PIN, bytes. */
  readonly block: number;
  /** Length's position in the APDU, bits of bmPINLengthFormat. */
  readonly lengthFormat: number;
  readonly minDigits: number;
  readonly maxDigits: number;
  /** Bits of `PIN_ENDS`. */
  readonly ends: number;
  /** Messages on the display: 0 none, 1 one, FF the reader's choice. */
  readonly messages: number;
  /** USB language identifier: 0804 is Chinese (PRC). */
  readonly language: number;
  readonly messageIndex: number;
  /** The command into which the reader puts the digits. */
  readonly apdu: Uint8Array;
}

/** bTeoPrologue: NAD, PCB and LEN for a T=1 card at TPDU level; zeros elsewhere. */
const PROLOGUE = new Uint8Array(3);
const FIXED = 14;

export function verifyPin(pin: PinVerification): CommandBody {
  const { minDigits, maxDigits, language } = pin;
  const fields = Uint8Array.of(
    pin.timeout,
    pin.format,
    pin.block,
    pin.lengthFormat,
    // wPINMaxExtraDigit, little-endian: the maximum is its low byte, the minimum its high byte.
    maxDigits,
    minDigits,
    pin.ends,
    pin.messages,
    language & 0xff,
    language >> 8,
    pin.messageIndex,
  );
  return secure(PIN_OPERATION.verify, concatBytes(fields, PROLOGUE, pin.apdu));
}

/** The block of a Secure command taken apart, as a simulated reader needs it; `framing.short` or `framing.type`. */
export function decodePinVerification(data: Uint8Array): PinVerification {
  const [operation, ...rest] = data;
  if (operation !== PIN_OPERATION.verify) {
    throw framingError('framing.type', 'This is no verification of a PIN.', { operation });
  }
  if (rest.length < FIXED) {
    throw framingError('framing.short', 'The verification of a PIN is not whole.', { length: data.length });
  }
  const [timeout = 0, format = 0, block = 0, lengthFormat = 0, maxDigits = 0, minDigits = 0, ends = 0] = rest;
  const [messages = 0, low = 0, high = 0, messageIndex = 0] = rest.slice(7);
  const language = low | (high << 8);
  const entry = { timeout, format, block, lengthFormat, minDigits, maxDigits, ends };
  return { ...entry, messages, language, messageIndex, apdu: data.slice(1 + FIXED) };
}
