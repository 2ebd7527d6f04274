/**
 * ACR38U before CCID (072F:9000, vendor class). Numbers as in R:acshk/acsccid src/acr38cmd.c and src/ccid_usb.c; the
 * maker's own manual was not found.
 */

/** First byte of every command, answer and notice. */
export const HEADER = 0x01;
/** Header, command or status, length (most significant byte first). */
export const HEADER_LENGTH = 4;

export const ACR38_COMMAND = {
  /** Answer: 16 bytes; firmware name (10), then others, then the state of the slot. */
  status: 0x01,
  /** One byte: `ACR38_CARD_TYPE`. */
  selectType: 0x02,
  /** One byte: `ACR38_OPTION`. */
  setOption: 0x07,
  /** Sends a PPS request to the card; the answer is the card's. */
  cardPps: 0x0a,
  /** Tells the reader what was agreed: a PPS request of four bytes. */
  readerPps: 0x0b,
  /** One byte: voltage as in CCID's bPowerSelect. Answer: the answer to reset. */
  powerOn: 0x80,
  powerOff: 0x81,
  /** One TPDU at T=0, or a pseudo-APDU for a memory card. */
  exchangeT0: 0xa0,
  /** One block at T=1. */
  exchangeT1: 0xa1,
} as const;
export type Acr38CommandName = keyof typeof ACR38_COMMAND;

/** Second byte of an answer (R:acshk/acsccid src/ccid.c, `acr38_error`); others are as CCID's bError. */
export const ACR38_STATUS = {
  success: 0x00,
  /** A protocol that is not supported, to CCID. */
  badLength: 0xf6,
  /** A wrong check byte in the answer to reset, to CCID. */
  badFiDi: 0xf7,
  notPowered: 0xf9,
  notInserted: 0xfa,
  mute: 0xfe,
} as const;

/** Byte of the status answer's data that tells of the slot, and its values. */
export const SLOT_STATE_AT = 15;
export const SLOT_STATE = { absent: 0, inactive: 1, active: 3 } as const;

export const ACR38_OPTION = { cpu: 0x00, memory: 0x20 } as const;

/** As the CCID readers' `FF A4` takes them. */
export const ACR38_CARD_TYPE = {
  cpuAuto: 0x00,
  at88sc153: 0x03,
  at88sc1608: 0x04,
  sle4428: 0x05,
  sle4442: 0x06,
  cpuT0: 0x0c,
  cpuT1: 0x0d,
} as const;

/** Second byte of a notice on the interrupt pipe; any other means that a card came. */
export const CARD_LEFT = 0xc0;
export const CARD_CAME = 0xc1;
