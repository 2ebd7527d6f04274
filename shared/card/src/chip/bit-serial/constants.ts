/**
 * The bus of the bit-serial secure-zone chips. Sources: data sheets Atmel 1419 "AT88SC102" rev. B (11/99) and
 * rev. C (6/08), ISSI "IS23SC1604", where nothing else is said.
 */

/** The address counter runs over 14 bits and wraps (IS23SC1604 data sheet, page 4). */
export const ADDRESSES = 0x4000;

/**
 * The clock at which times are reckoned, Hz. The data sheet asks for a period of 3.3 µs or more; shipping hardware
 * uses 4 µs (R:mooltipass/minible smartcard_lowlevel.c), one public driver 20 µs (R:sqf-ice/Mygit sc102_1604.c).
 */
export const BUS_CLOCK_HZ = 250_000;

/**
 * One programming pulse, ms: an erase or a write of one bit. The data sheet asks for 3 ms; R:mooltipass/minible and
 * R:sqf-ice/Mygit wait 4, another driver 10.
 */
export const PULSE_MS = 4;

/** Clocks of zeroing the address: RST falls while CLK is low. */
export const RESET_CLOCKS = 1;

/** Bytes of a pseudo answer to reset: the first four of the memory. */
export const SHOWN_BYTES = 4;
