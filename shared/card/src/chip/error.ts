import { CodedError } from '../errors.ts';

export type ChipErrorCode =
  | 'chip.unknown'
  | 'chip.ambiguous'
  | 'chip.unsupported'
  | 'chip.out-of-range'
  | 'chip.unreadable'
  | 'chip.protected'
  | 'chip.code-needed'
  | 'chip.code-wrong'
  | 'chip.too-few-tries'
  | 'chip.locked'
  | 'chip.refused'
  | 'chip.malformed';

export class ChipError extends CodedError<ChipErrorCode> {}
