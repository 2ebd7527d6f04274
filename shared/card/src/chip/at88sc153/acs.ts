import { ACS_SELECT_TYPE, type AcsTable } from '../dialect/acs.ts';

/**
 * ACS commands for card type 03, P1 always 00. Source: ACS "ACR38x (CCID) Reference Manual" 6.04 §9.3.3, "ACR1281U
 * User's Manual" §3, the same in "ACR33U-A1 Reference Manual" §8.2.8.
 */
export const ACS_AT88SC153 = {
  selectType: ACS_SELECT_TYPE,
  /** READ_MEMORY_CARD: one instruction a zone, P2 the address, Le how many. */
  readUser0: { ins: 0xb0, body: 'length' },
  readUser1: { ins: 0xb1, body: 'length' },
  readUser2: { ins: 0xb2, body: 'length' },
  readConfig: { ins: 0xb3, body: 'length' },
  readFuses: { ins: 0xb4, body: 'length' },
  /** WRITE_MEMORY_CARD; selecting the type sets the reader's page to 8 bytes. Answers 90 00 whether or not the card took them. */
  writeUser0: { ins: 0xd0, body: 'data' },
  writeUser1: { ins: 0xd1, body: 'data' },
  writeUser2: { ins: 0xd2, body: 'data' },
  writeConfig: { ins: 0xd3, body: 'data' },
  writeFuse: { ins: 0xd4, body: 'data' },
  /** VERIFY_PASSWORD, P2 0000 00rp. **SW 90 FF is success**, 90 00 is locked, any other 90 xx the counter after a failure. */
  verifyPassword: { ins: 0x20, body: 'data' },
  /** INITIALIZE_AUTHENTICATION with Q0, then VERIFY_AUTHENTICATION with Q1, 8 bytes each. */
  initialiseAuth: { ins: 0x84, body: 'data' },
  verifyAuth: { ins: 0x82, body: 'data' },
} as const satisfies AcsTable;
