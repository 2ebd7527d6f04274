import { countBits } from '../../bytes/bits.ts';

/**
 * AT88SC1608. Source: Atmel data sheet 0971 (rev. G 04/04, rev. H 6/08), "8 x 256 x 8 Secure Memory with
 * Authentication", where nothing else is said.
 */

/** User zones, each with its own access register. */
export const USER_ZONES = 8;
/** Bytes of a user zone. */
export const USER_ZONE_SIZE = 0x100;
/** Bytes of the configuration zone, without the fuse byte. */
export const CONFIG_SIZE = 0x80;
/** Bytes that one write cycle changes. What a write past them does is unconfirmed: drivers stop there. */
export const PAGE_SIZE = 16;

/** Sent least significant bit first, while RST was high for one clock (data sheet p. 12). */
export const ATR_BYTES = [0x2c, 0xaa, 0x55, 0xa0] as const;

/**
 * First byte of the chip's own two-wire commands; most significant bit first, each byte acknowledged. B5 and B7 are in
 * the data sheet's text; the others two independent drivers agree on (R:sqf-ice/Mygit smartcard/MEMORY/at88sc1608.c
 * and the public STM32 file AT1608.c, 2007).
 */
export const COMMAND = {
  writeUser: 0xb0,
  readUser: 0xb1,
  /** Zone 0–7. Nothing is selected after power-on: no user zone can be reached before it. */
  setUserZone: 0xb2,
  /** Index 0000rppp and 3 bytes; the STOP begins a write cycle that updates the attempts counter. */
  verifyPassword: 0xb3,
  writeConfig: 0xb4,
  readConfig: 0xb5,
  initializeAuthentication: 0xb6,
  verifyAuthentication: 0xb7,
} as const;

/** Bus clock at which times are reckoned, Hz: the data sheet's highest. */
export const BUS_CLOCK_HZ = 1_000_000;
/** Longest write cycle of a page or a counter, ms. */
export const WRITE_CYCLE_MS = 10;

/** Bytes of a password. */
export const PASSWORD_SIZE = 3;
export const PASSWORD_SETS = 8;
/** Codes: the password's index 0000rppp. 0–7 are the Write passwords of the sets, 8–15 the Read passwords. */
export const PASSWORDS = 2 * PASSWORD_SETS;
/** Added to a set's number: its Read password. */
export const READ_PASSWORD = 8;
/** Write password 7, which opens the configuration until fuse PER is blown. */
export const SECURE_CODE = 7;
/** Attempts of a password or of the authentication: eight bits, cleared one at a time; 00 is locked for ever. */
export const TRIES_FULL = 8;
export const COUNTER_FULL = 0xff;

/** Tries that an attempts counter stands for. */
export function triesOf(counter: number): number {
  return countBits(counter & 0xff);
}

/** Address of a password's attempts counter; the password is in the three bytes after it. */
export function counterAddress(key: number): number {
  return 0x40 + 8 * (key % PASSWORD_SETS) + (key >= READ_PASSWORD ? 4 : 0);
}

/** Where things are in the configuration zone. */
export const CONFIG = {
  /** Answer to reset, 4 bytes; then 4 of lot history: unconfirmed. */
  answerToReset: { at: 0x00, size: 4 },
  /** Fab code; its start is known from iMate's MemoryCardAPI test, whether it has 2 or 4 bytes is unconfirmed. */
  fabCode: { at: 0x08, size: 4 },
  /** Card manufacturer's code (iMate MemoryCardAPI test). */
  manufacturerCode: { at: 0x0c, size: 4 },
  /** One access register a user zone (R:DuBin1988/newsellinggas Mwic_32.h); the address is unconfirmed. */
  accessRegisters: { at: 0x10, size: USER_ZONES },
  /** Identification number Nc: address unconfirmed. */
  identification: { at: 0x18, size: 8 },
  /** Attempts counter of the authentication. */
  authenticationCounter: { at: 0x20, size: 1 },
  /** Ci: both drivers above. */
  cryptogram: { at: 0x28, size: 8 },
  /** Gc (iMate MemoryCardAPI test writes a key there and authenticates with it). */
  secretSeed: { at: 0x30, size: 8 },
  /** 64 bits for trying the memory; the address is unconfirmed. */
  testZone: { at: 0x38, size: 8 },
  /** Eight sets of counter, Write password, counter, Read password. */
  passwords: { at: 0x40, size: 0x40 },
} as const;

/** Fuse byte: read with B5 at this address; blown with B4 at this address and no data, each time the next one. */
export const FUSE_ADDRESS = 0x80;
/** Set is intact, 0 is blown. The order of the bits is the AT88SC153's (R:DuBin1988/newsellinggas Mwic_32.h); unconfirmed here. */
export const FUSE = { fab: 0x01, cma: 0x02, per: 0x04 } as const;
export const FUSES_INTACT = FUSE.fab | FUSE.cma | FUSE.per;
