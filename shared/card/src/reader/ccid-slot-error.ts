import type { CcidResponse } from '../framing/ccid/message.ts';
import { SLOT_ERROR_SENTENCES, slotErrorName } from '../framing/ccid/slot-error.ts';
import type { SlotErrorName } from '../framing/ccid/slot-error.ts';
import { ReaderError, removed } from './error.ts';
import type { ReaderErrorCode } from './error.ts';

/** What each bError is to the caller, while the card is there and powered. */
const CODES: Readonly<Record<SlotErrorName, ReaderErrorCode>> = {
  commandNotSupported: 'reader.unsupported',
  badSlot: 'reader.unsupported',
  busy: 'reader.io',
  pinCancelled: 'reader.io',
  pinTimeout: 'reader.timeout',
  autoSequence: 'reader.io',
  deactivatedProtocol: 'reader.unsupported',
  procedureByteConflict: 'reader.protocol',
  iccClassNotSupported: 'reader.unsupported',
  iccProtocolNotSupported: 'reader.unsupported',
  badTck: 'reader.mute',
  badTs: 'reader.mute',
  hardware: 'reader.io',
  overrun: 'reader.io',
  parity: 'reader.io',
  mute: 'reader.timeout',
  aborted: 'reader.timeout',
  badParameter: 'reader.unsupported',
  vendor: 'reader.io',
  reserved: 'reader.io',
};

/** A failed answer of the reader as an error; where the card is, comes before what the reader says of it. */
export function slotFailure(answer: CcidResponse, during: 'power' | 'protocol' | 'exchange'): ReaderError {
  const slotError = slotErrorName(answer.error);
  const context = { error: answer.error, slotError, icc: answer.icc, during };
  if (answer.icc === 'absent') {
    const code = during === 'power' ? 'reader.no-card' : 'reader.removed';
    return new ReaderError({ code, message: 'There is no card in the reader; put it in.', context });
  }
  if (during !== 'power') {
    // Power lost in the middle: a card that was pulled and put back before we noticed.
    if (answer.icc === 'inactive') return removed();
    return new ReaderError({ code: CODES[slotError], message: SLOT_ERROR_SENTENCES[slotError], context });
  }
  const unsupported = CODES[slotError] === 'reader.unsupported' && slotError !== 'commandNotSupported';
  const message =
    slotError === 'mute'
      ? 'The card does not answer; put it in the right way round.'
      : SLOT_ERROR_SENTENCES[slotError];
  return new ReaderError({ code: unsupported ? 'reader.unsupported' : 'reader.mute', message, context });
}
