import { countBits } from '../../bytes/bits.ts';

/**
 * SLE4428 (clones IS23SC4428; SLE5528 behaves alike). Sources: IS23SC4418/4428 data sheet on the bus, its commands and
 * clocks; R:sqf-ice/Mygit smartcard/MEMORY/sle4428.c and R:hidglobal/HID-OMNIKEY-Sample-Codes
 * HidGlobal.OK.Readers/AViatoR/Components/ContactCardComunication.cs on control bytes.
 */

/** Bytes of memory, the counter and the code at its end included. */
export const MEMORY_SIZE = 0x400;
/** Bytes before the error counter: all that can hold data. */
export const MAIN_SIZE = 0x3fd;

/** Where the error counter and the code lie: addresses of their own commands. */
export const ERROR_COUNTER_ADDRESS = 0x3fd;
export const PSC_ADDRESS = 0x3fe;
/** Bytes of the programmable security code. */
export const PSC_SIZE = 2;

/** The answer to reset is memory bytes 0–3: three-wire protocol, 1024 × 8 (iMate MemoryCardAPI, Basewin bwsdk_api.h). */
export const ATR_BYTES = [0x92, 0x23, 0x10, 0x91] as const;
/** Unconfirmed: one program alone knows cards that answer so, and takes them for SLE5528 (R:lewixlabs/TsCard cards/memorycard.ts). */
export const ATR_BYTES_SLE5528 = [0xb4, 0x23, 0x10, 0x91] as const;

/** Below this address lie all bytes that makers (0–7, 21–26) and issuers (the serial) protect before a card is sold. */
export const PROTECTED_BELOW = 0x20;

/** The error counter's eight bits: all set is full, none is locked for ever. */
export const ERROR_COUNTER_FULL = 0xff;
export const TRIES_FULL = 8;

/** Bits 5–0 of the control byte; bits 7 and 6 are the address's bits 9 and 8. */
export const CONTROL = {
  /** Protects the byte for ever if it is what is sent. */
  protectEqual: 0x30,
  /** Changes the byte and protects it for ever. */
  writeAndProtect: 0x31,
  write: 0x33,
  /** 9 bits a byte: eight of data, then the protect bit, 1 is open. */
  readWithProtection: 0x0c,
  read: 0x0e,
  /** Only lowers bits, only at the error counter. */
  writeErrorCounter: 0x32,
  /** Only at the code's two addresses. */
  compareCode: 0x0d,
} as const;
export type Control = (typeof CONTROL)[keyof typeof CONTROL];

/** The bus clock at which times are reckoned, Hz: the most that one data sheet grants (IS23SC4418 p. 6). */
export const BUS_CLOCK_HZ = 20_000;

/**
 * Processing clocks: 203 to change a byte both ways, 103 one way (IS23SC4418 p. 6; no second source: unconfirmed).
 * Read as 100 for each EEPROM half and 3 around them, which is our own reading.
 */
export const HALF_CYCLE_CLOCKS = 100;
export const PROCESSING_CLOCKS = 3;
/** EEPROM time of one half, ms, at that clock. */
export const HALF_CYCLE_MS = (HALF_CYCLE_CLOCKS * 1000) / BUS_CLOCK_HZ;

/** Clocks of the answer to reset: one with RST high, 32 bits. */
export const RESET_CLOCKS = 33;
/** Clocks of a command entry: 24 bits with RST high and one clock after it fell. */
export const COMMAND_CLOCKS = 25;
/** Clocks of a byte that is read: without and with its protect bit. */
export const READ_CLOCKS = 8;
export const READ_WITH_PROTECTION_CLOCKS = 9;

/**
 * Tries that a counter value stands for: its set bits, whichever they are. Counting is the only right way: one driver
 * gives the index at which its own loop ended, another knows but seven values of which full is none.
 */
export function triesOf(errorCounter: number): number {
  return countBits(errorCounter & ERROR_COUNTER_FULL);
}
