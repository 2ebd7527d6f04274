import { countBits } from '../../bytes/bits.ts';

/**
 * SLE4442 (clones IS23SC4442, FM4442). Source: Siemens/Infineon data sheet "SLE 4432/SLE 4442, Intelligent
 * 256-Byte EEPROM with Write Protection, Programmable Security Code" (07.95), where nothing else is said.
 */

/** Bytes of main memory. */
export const MAIN_SIZE = 0x100;

/** Main-memory bytes that have a protection bit each: 0 to 31. */
export const PROTECTABLE_SIZE = 32;
/** Bytes of protection memory. */
export const PROTECTION_SIZE = PROTECTABLE_SIZE / 8;

/** The answer to reset is main memory's bytes 0–3: two-wire protocol, 256 × 8, … (R:sqf-ice/Mygit smartcard/MEMORY/sle4442.c). */
export const ATR_BYTES = [0xa2, 0x13, 0x10, 0x91] as const;

/** Bytes of the programmable security code. */
export const PSC_SIZE = 3;

/** The error counter's three bits: all set is full, none is locked for ever. */
export const ERROR_COUNTER_FULL = 0x07;
export const TRIES_FULL = 3;

/** Control bytes of the chip's own two-wire commands: control, address, data. */
export const CONTROL = {
  readMain: 0x30,
  readSecurity: 0x31,
  compareCode: 0x33,
  readProtection: 0x34,
  updateMain: 0x38,
  updateSecurity: 0x39,
  writeProtection: 0x3c,
} as const;
export type Control = (typeof CONTROL)[keyof typeof CONTROL];

/** The bus clock at which times are reckoned, Hz; the chip takes 7 to 50 kHz. */
export const BUS_CLOCK_HZ = 50_000;

/** EEPROM time of one half: an erase (bits rise to 1) or a write (bits fall to 0), ms. */
export const HALF_CYCLE_MS = 2.5;

/** Clocks of the answer to reset: one with RST high, 32 bits. */
export const RESET_CLOCKS = 33;
/** Clocks of a command entry: START, 24 bits, STOP. */
export const COMMAND_CLOCKS = 26;
/** Clocks after outgoing data that put the I/O line to high impedance. */
export const OUTGOING_END_CLOCKS = 1;
/** Clocks of a break (RST pulse), which ends outgoing data early. */
export const BREAK_CLOCKS = 1;

/** Tries that a counter value stands for: its number of set bits among the three. */
export function triesOf(errorCounter: number): number {
  return countBits(errorCounter & ERROR_COUNTER_FULL);
}
