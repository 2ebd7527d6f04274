import { ACS_SELECT_TYPE, type AcsTable } from '../dialect/acs.ts';

/**
 * ACS commands for card type 04. P1 is the user zone (0–7) and P2 the byte address, where nothing else is said.
 * Source: ACS "ACR38x Reference Manual" 6.02 chapter 9.2.2.4 and "ACR33U-A1 SmartDuo Reference Manual" 1.00 chapter
 * 8.2.9.
 */
export const ACS_AT88SC1608 = {
  /** Also makes the reader's page size 16 bytes. */
  selectType: ACS_SELECT_TYPE,
  read: { ins: 0xb0, body: 'length' },
  /** P1 is of no matter; P2 80 is the fuse byte. */
  readConfig: { ins: 0xb1, body: 'length' },
  write: { ins: 0xd0, body: 'data' },
  writeConfig: { ins: 0xd1, body: 'data' },
  /** P2 80. The manual gives no data; that Lc must be 00 is R:sqf-ice/Mygit smartcard/MEMORY/at88sc1608.c. */
  blowFuse: { ins: 0xd1, body: 'empty' },
  /** Index 0000rppp and the 3 bytes. **SW 90 FF is success**, 90 00 is locked, any other 90 xx a wrong password. */
  verifyPassword: { ins: 0x20, body: 'data' },
  /** The host's random number, 8 bytes. */
  initializeAuthentication: { ins: 0x84, body: 'data' },
  /** 8 bytes. What it answers after a failure is not relied on. */
  verifyAuthentication: { ins: 0x82, body: 'data' },
} as const satisfies AcsTable;
