import { ACS_SELECT_TYPE, type AcsTable } from '../dialect/acs.ts';

/** ACS commands for card type 05. P1 and P2 are the address, high byte first, but where it says otherwise. */
export const ACS_SLE4428 = {
  selectType: ACS_SELECT_TYPE,
  /** READ_MEMORY_CARD. Firmware of 2006 appends 1 + ⌊n / 8⌋ bytes of protect bits (ACR38 Reference Manual 1.9, 8.2.6.2). */
  read: { ins: 0xb0, body: 'length' },
  /** READ_PRESENTATION_ERROR_COUNTER, address 0: counter and 2 dummy bytes, Le 03. FF is full, 00 is locked. */
  readErrorCounter: { ins: 0xb1, body: 'length' },
  /**
   * READ_PROTECTION_BIT: Le is eighths of the bytes asked about, at most 32; bit n of answer byte m belongs to address
   * + 8·m + n, 1 is open (ACR33U-A1 Reference Manual 8.2.10.4). Firmware of 2006 answers with **memory** instead.
   */
  readProtection: { ins: 0xb2, body: 'length' },
  /** WRITE_MEMORY_CARD. Answers 90 00 whether or not the card took the bytes. */
  write: { ins: 0xd0, body: 'data' },
  /** WRITE_PROTECTION_MEMORY_CARD: the data must equal what is stored; can never be undone. */
  protect: { ins: 0xd1, body: 'data' },
  /**
   * PRESENT_CODE_MEMORY_CARD, address 0. **SW 90 FF is success**; any other 90 xx gives the counter after a failure.
   * Firmware of 2006 answers 90 00 with the counter and the code as data (ACR38 Reference Manual 1.9, 8.2.6.6).
   */
  presentCode: { ins: 0x20, body: 'data' },
  /** CHANGE_CODE_MEMORY_CARD, P1 00, P2 01. */
  changeCode: { ins: 0xd2, body: 'data' },
} as const satisfies AcsTable;

/** Most bytes of protect bits in one answer. */
export const ACS_MAX_PROTECTION = 32;
