/** bError of a failed command (CCID rev 1.1 §6.2.6, table 6.2-2; R:LudovicRousseau/CCID src/ccid.c has the same). */
export const SLOT_ERROR = {
  commandNotSupported: 0x00,
  badSlot: 0x05,
  busy: 0xe0,
  pinCancelled: 0xef,
  pinTimeout: 0xf0,
  autoSequence: 0xf2,
  deactivatedProtocol: 0xf3,
  procedureByteConflict: 0xf4,
  iccClassNotSupported: 0xf5,
  iccProtocolNotSupported: 0xf6,
  badTck: 0xf7,
  badTs: 0xf8,
  hardware: 0xfb,
  overrun: 0xfc,
  parity: 0xfd,
  mute: 0xfe,
  aborted: 0xff,
} as const;

export type SlotErrorName =
  | keyof typeof SLOT_ERROR
  /** 01–7F: the byte of the message at this offset is wrong or not supported. 05 is the slot's. */
  | 'badParameter'
  /** 81–C0: the maker's own. */
  | 'vendor'
  | 'reserved';

const NAMES = new Map<number, SlotErrorName>(
  (Object.keys(SLOT_ERROR) as (keyof typeof SLOT_ERROR)[]).map((name) => [SLOT_ERROR[name], name]),
);

/** The name of a bError, for every value that a byte has. */
export function slotErrorName(code: number): SlotErrorName {
  const name = NAMES.get(code);
  if (name !== undefined) return name;
  if (code < 0x80) return 'badParameter';
  return code > 0x80 && code <= 0xc0 ? 'vendor' : 'reserved';
}

/** What happened and what a person can do, for each. */
export const SLOT_ERROR_SENTENCES: Readonly<Record<SlotErrorName, string>> = {
  commandNotSupported: 'The reader does not know this command; use another reader.',
  badSlot: 'The reader has no such slot; plug it in again.',
  busy: 'The reader is still busy with this card; wait and try again.',
  pinCancelled: 'The code was not entered: cancelled at the reader. Try again.',
  pinTimeout: 'The code was not entered in time. Try again.',
  autoSequence: 'The reader is still starting this card; wait and try again.',
  deactivatedProtocol: 'The reader has switched off the protocol of this card; use another reader.',
  procedureByteConflict: 'The card answered out of turn; take it out and put it in again.',
  iccClassNotSupported: 'The reader cannot power this kind of card; use another reader.',
  iccProtocolNotSupported: 'The reader does not speak the protocol of this card; use another reader.',
  badTck: 'The card started with a damaged answer; take it out, wipe its contacts and put it in again.',
  badTs: 'This card does not start like a chip card; put it in the right way round.',
  hardware:
    'The reader has found a fault in its hardware, or a short circuit; take the card out and try another.',
  overrun: 'The reader was too slow for the card; take the card out and put it in again.',
  parity: 'The card was heard badly; take it out, wipe its contacts and put it in again.',
  mute: 'The card did not answer; take it out and put it in again.',
  aborted: 'The command was given up; try again.',
  badParameter: 'The reader does not take a value of this command; use another reader.',
  vendor: 'The reader reported an error of its own; plug it in again.',
  reserved: 'The reader reported an error that does not exist; plug it in again.',
};
