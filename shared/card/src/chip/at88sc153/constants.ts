/**
 * AT88SC153, "3 x 64 x 8 Secure Memory with Authentication". Source: Atmel data sheet 1016 (rev. D, 04/04), of which
 * only single pages are public (pages 8, 9, 12 and 13 read), where nothing else is said.
 */

/** Bytes of each of the four zones. */
export const ZONE_SIZE = 64;
/** Zones in the order of their two bits in a command byte; the last is the configuration. */
export const ZONES = ['user0', 'user1', 'user2', 'config'] as const;
export type Zone = (typeof ZONES)[number];
export type ZoneNumber = 0 | 1 | 2 | 3;
export const CONFIG_ZONE = 3;

/** Bytes that one write cycle changes; within a page the address rolls over. */
export const PAGE_SIZE = 8;

/** Answer to reset as Atmel programs it, first byte first (data sheet p. 12). */
export const ATR_BYTES = [0x2c, 0xaa, 0x55, 0xa1] as const;

/** High nibble of every command byte as chips are delivered; programmable, but readers know only this one. */
export const CHIP_SELECT = 0xb;

/**
 * Low nibble of a command byte: `xx` is the zone, or the password (rp) of a verification, `yy` is one of these. Each
 * is confirmed by the driver AT1608.c (2007) and in part by R:sqf-ice/Mygit smartcard/MEMORY/at88sc153.c.
 */
export const OPERATION = { write: 0b00, read: 0b01, special: 0b10, verify: 0b11 } as const;
/** `xx` of operation `special`: the authentication in two commands, and the fuses, which have no address. */
export const SPECIAL = { initialiseAuth: 0b00, verifyAuth: 0b01, writeFuse: 0b10, readFuses: 0b11 } as const;

/** The byte that begins a transaction, for the chip select as delivered unless another is given. */
export function commandByte(xx: number, yy: number, chipSelect: number = CHIP_SELECT): number {
  return (chipSelect << 4) | (xx << 2) | yy;
}

/** The four passwords by `rp`, which is also our number of each: r = 0 Write, 1 Read; p the set. */
export const PASSWORD = { write0: 0b00, write1: 0b01, read0: 0b10, read1: 0b11 } as const;
export type PasswordNumber = (typeof PASSWORD)[keyof typeof PASSWORD];
/** Write 1 is the secure code, which opens the configuration while the fuses allow it. */
export const SECURE_CODE = PASSWORD.write1;
export const PASSWORD_SIZE = 3;
/** Secure code of one lot as delivered (comment in AT1608.c); other lots may have another. */
export const TRANSPORT_CODE = [0x45, 0x45, 0x45] as const;

/**
 * Where the attempts counter (PAC) of each password is, by password number; the password is the next three bytes.
 * Not the order of the numbers. Unconfirmed: one driver (AT1608.c), and the same order at $B0 in the later
 * CryptoMemory family (onlinedocs.microchip.com, CryptoMemory §4.3).
 */
export const PAC_ADDRESS: Readonly<Record<PasswordNumber, number>> = {
  [PASSWORD.write0]: 0x30,
  [PASSWORD.read0]: 0x34,
  [PASSWORD.write1]: 0x38,
  [PASSWORD.read1]: 0x3c,
};

/** True for 0 to 3. */
export function isPasswordNumber(key: number): key is PasswordNumber {
  return key === 0 || key === 1 || key === 2 || key === 3;
}

/**
 * Configuration addresses. Attempts counter of the authentication (AAC) at $20: data sheet p. 8. That Ci
 * is the counter and the seven bytes behind it is how R:sqf-ice/Mygit smartcard/MEMORY/at88sc153.c reads it, and the
 * seed at $28 is arithmetic; access registers at $10 and device configuration at $18 as
 * the AT88SC1608 and the CryptoMemory family have them: unconfirmed.
 */
export const CONFIG = {
  atr: 0x00,
  accessRegisters: 0x10,
  deviceConfiguration: 0x18,
  aac: 0x20,
  seed: 0x28,
  passwords: 0x30,
} as const;

/** Bytes of a checksum, of Q0 and of Q1. */
export const BLOCK_SIZE = 8;

/**
 * Bits of a user zone's access register, all active low. Their names, meanings and order are the data sheet's text
 * (p. 7); the bit positions are that order from bit 7 down: unconfirmed.
 */
export const ACCESS = {
  /** The write password of the set is needed to write. */
  writePassword: 0x80,
  /** The read or the write password of the set is needed to read. */
  readPassword: 0x40,
  /** Authentication is needed to read and to write. */
  authentication: 0x20,
  /** Authentication is needed to write. */
  authenticationForWrite: 0x10,
  /** Which set: 0 is set 0, 1 is set 1. */
  passwordSet: 0x08,
  /** The first byte of each page locks the page's bytes: bit n = 0 forbids byte n. */
  writeLock: 0x04,
  /** Nothing can be written. */
  modifyForbidden: 0x02,
  /** Bits can only fall. */
  programOnly: 0x01,
} as const;

/**
 * Bits of the device configuration register, active low (data sheet p. 8); the low nibble is the chip select. Bit
 * positions as in CryptoMemory (onlinedocs.microchip.com, §5.3.8): unconfirmed for this chip.
 */
export const DEVICE = {
  /** Write 1 reads and writes all passwords and their counters. */
  supervisor: 0x80,
  unlimitedChecksums: 0x40,
  /** The AAC does not count. */
  unlimitedAuthentication: 0x20,
  /** Counters have eight tries instead of four. */
  extendedTrials: 0x10,
} as const;
export const DEVICE_DEFAULT = 0xf0 | CHIP_SELECT;

/** The fuse byte is 0 0 0 0 0 PER CMA FAB, 0 is blown; blown one by one in this order (R:DuBin1988/newsellinggas Mwic_32.h). */
export const FUSE = { fab: 0x01, cma: 0x02, per: 0x04 } as const;
export type Fuse = keyof typeof FUSE;
export const FUSES_WHOLE = FUSE.fab | FUSE.cma | FUSE.per;

/** A field of the configuration and the fuse whose blowing ends its changes. */
export interface ConfigField {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly lockedBy: Fuse | 'none';
}

/**
 * What is where and until when the secure code can write it. Which fuse locks which field is the CryptoMemory
 * family's table (onlinedocs.microchip.com, §6.4); lot history, maker's codes and registers are unconfirmed.
 */
export const CONFIG_FIELDS: readonly ConfigField[] = [
  { name: 'answer to reset', offset: 0x00, length: 4, lockedBy: 'fab' },
  { name: 'lot history', offset: 0x04, length: 4, lockedBy: 'fab' },
  { name: 'fabrication code', offset: 0x08, length: 4, lockedBy: 'fab' },
  { name: 'card maker’s code', offset: 0x0c, length: 4, lockedBy: 'cma' },
  { name: 'access registers', offset: 0x10, length: 8, lockedBy: 'per' },
  { name: 'device configuration', offset: 0x18, length: 1, lockedBy: 'per' },
  { name: 'identification number Nc', offset: 0x19, length: 7, lockedBy: 'per' },
  { name: 'AAC and cryptogram', offset: 0x20, length: 8, lockedBy: 'per' },
  { name: 'secret seed Gc', offset: 0x28, length: 8, lockedBy: 'per' },
  { name: 'passwords', offset: 0x30, length: 16, lockedBy: 'none' },
];

/** Whether the fuses leave a byte of the configuration to be written at all. */
export function isLockedByFuses(address: number, fuses: number): boolean {
  const field = CONFIG_FIELDS.find(({ offset, length }) => address >= offset && address < offset + length);
  if (field === undefined) return true;
  return field.lockedBy !== 'none' && (fuses & FUSE[field.lockedBy]) === 0;
}

/** The bus clock at which times are reckoned, Hz: the family's most (AT88SC1608 product page); unconfirmed for this chip. */
export const BUS_CLOCK_HZ = 1_000_000;
/** The self-timed write cycle of a page or a counter at its longest, ms (data sheet p. 1). */
export const WRITE_CYCLE_MS = 10;
