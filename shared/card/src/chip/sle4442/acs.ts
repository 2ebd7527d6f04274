import { ACS_SELECT_TYPE, type AcsTable } from '../dialect/acs.ts';

/** ACS commands for card type 06. P1 is 00 everywhere but in `changeCode` and P2 is the byte address. */
export const ACS_SLE4442 = {
  selectType: ACS_SELECT_TYPE,
  /** READ_MEMORY_CARD. Older firmware appends the 4 bytes of protection memory. */
  read: { ins: 0xb0, body: 'length' },
  /** READ_PRESENTATION_ERROR_COUNTER: counter and 3 dummy bytes, Le 04. 07 is full, 00 is locked. */
  readErrorCounter: { ins: 0xb1, body: 'length' },
  /** READ_PROTECTION_BITS: 4 bytes, Le 04; bit n of byte m belongs to address 8·m + n, 1 is open. */
  readProtection: { ins: 0xb2, body: 'length' },
  /** WRITE_MEMORY_CARD. Answers 90 00 whether or not the card took the bytes. */
  write: { ins: 0xd0, body: 'data' },
  /** WRITE_PROTECTION_MEMORY_CARD: the data must equal what is stored; can never be undone. */
  protect: { ins: 0xd1, body: 'data' },
  /** PRESENT_CODE_MEMORY_CARD. **SW 90 07 is success**; any other 90 xx gives the counter after a failure. */
  presentCode: { ins: 0x20, body: 'data' },
  /** CHANGE_CODE_MEMORY_CARD, P2 01. */
  changeCode: { ins: 0xd2, body: 'data' },
} as const satisfies AcsTable;
