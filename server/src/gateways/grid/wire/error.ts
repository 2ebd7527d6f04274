import { CodedError } from '@bianmin/card/errors';

export const WIRE_FAULTS = [
  'wire.malformed',
  'wire.agent',
  'wire.session',
  'wire.stale',
  'wire.replay',
  'wire.mac',
  'wire.signature',
] as const;
export type WireErrorCode = (typeof WIRE_FAULTS)[number];

/** An envelope that was not accepted: it was not processed, and had no effect. */
export class WireError extends CodedError<WireErrorCode> {}
