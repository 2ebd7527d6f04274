import { ChipError } from '../chip/error.ts';
import { CodedError } from '../errors.ts';

export type MeterCardErrorCode =
  /** Not the card of this plan. Nothing was written. */
  | 'meter-card.other-card'
  /** The card's bytes are not as they were when the plan was made. Nothing was written. */
  | 'meter-card.card-changed'
  /** Too few tries of the code are left to present it without staff. Nothing was written. */
  | 'meter-card.code-tries'
  /** The card refused the code of the plan; a try is lost. */
  | 'meter-card.code-wrong'
  | 'meter-card.locked'
  | 'meter-card.protected'
  /** The plan's lease ran out; the card may be half written. */
  | 'meter-card.lease-expired'
  /** The plan asks for something that its kind does not permit. Nothing of it was done. */
  | 'meter-card.plan-refused'
  | 'meter-card.read-back-differs'
  /** The card or its reader refused a command of the plan. */
  | 'meter-card.refused'
  /** No meter card of a known layout. */
  | 'meter-card.unreadable';

export class MeterCardError extends CodedError<MeterCardErrorCode> {}

/** Chip errors in the words of a write; everything else (`ReaderError`, `ApiError`, journal) is given back as it is. */
export function asMeterCardError(error: unknown): unknown {
  if (!(error instanceof ChipError)) return error;
  return new MeterCardError({
    code: codeFor(error),
    message: error.message,
    cause: error,
    context: { ...error.context, chip: error.code },
  });
}

function codeFor(error: ChipError): MeterCardErrorCode {
  switch (error.code) {
    case 'chip.code-wrong':
      return 'meter-card.code-wrong';
    case 'chip.too-few-tries':
      return 'meter-card.code-tries';
    case 'chip.locked':
      return 'meter-card.locked';
    case 'chip.protected':
      return 'meter-card.protected';
    case 'chip.unknown':
    case 'chip.ambiguous':
    case 'chip.out-of-range':
    case 'chip.unreadable':
      return 'meter-card.unreadable';
    case 'chip.unsupported':
    case 'chip.code-needed':
    case 'chip.refused':
    case 'chip.malformed':
      return 'meter-card.refused';
  }
}
