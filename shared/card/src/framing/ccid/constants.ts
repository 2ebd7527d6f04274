/**
 * USB CCID, "Specification for Integrated Circuit(s) Cards Interface Devices" rev 1.1. Numbers as in that
 * document and R:LudovicRousseau/CCID src/ccid.h.
 */

/** Bytes before a message's data. */
export const HEADER_LENGTH = 10;

/** bMessageType of commands, PC to reader (§6.1). */
export const COMMAND = {
  setParameters: 0x61,
  iccPowerOn: 0x62,
  iccPowerOff: 0x63,
  getSlotStatus: 0x65,
  secure: 0x69,
  escape: 0x6b,
  getParameters: 0x6c,
  resetParameters: 0x6d,
  iccClock: 0x6e,
  xfrBlock: 0x6f,
  t0Apdu: 0x6a,
  mechanical: 0x71,
  abort: 0x72,
  setDataRateAndClock: 0x73,
} as const;
export type CommandName = keyof typeof COMMAND;

/** bMessageType of responses, reader to PC (§6.2). */
export const RESPONSE = {
  dataBlock: 0x80,
  slotStatus: 0x81,
  parameters: 0x82,
  escape: 0x83,
  dataRateAndClock: 0x84,
} as const;
export type ResponseName = keyof typeof RESPONSE;

/** bMessageType on the interrupt pipe (§6.3). */
export const INTERRUPT = { notifySlotChange: 0x50, hardwareError: 0x51 } as const;

/** Which response answers which command (§6.1, table of each). */
export const ANSWER: Readonly<Record<CommandName, ResponseName>> = {
  setParameters: 'parameters',
  iccPowerOn: 'dataBlock',
  iccPowerOff: 'slotStatus',
  getSlotStatus: 'slotStatus',
  secure: 'dataBlock',
  escape: 'escape',
  getParameters: 'parameters',
  resetParameters: 'parameters',
  iccClock: 'slotStatus',
  xfrBlock: 'dataBlock',
  t0Apdu: 'slotStatus',
  mechanical: 'slotStatus',
  abort: 'slotStatus',
  setDataRateAndClock: 'dataRateAndClock',
};

/** Bits of dwFeatures (§5.1): who does what. */
export const FEATURE = {
  /** Parameters after reset are taken from the answer to reset by the reader. */
  autoFromAtr: 0x02,
  /** The reader powers a card as soon as it is put in. */
  autoActivation: 0x04,
  autoVoltage: 0x08,
  /** The card's clock follows the parameters that are set. */
  autoClock: 0x10,
  /** The bit rate follows the parameters (F and D) and the clock. */
  autoBaud: 0x20,
  /** The reader negotiates on its own terms: neither PPS nor SetParameters is ours. Excludes `autoPps`. */
  autoParameters: 0x40,
  /** The reader sends the PPS that the parameters set by us ask for. */
  autoPps: 0x80,
  clockStop: 0x100,
  otherNad: 0x200,
  /** The reader announces its IFSD as the first block of T=1. */
  autoIfsd: 0x400,
  tpdu: 0x1_0000,
  shortApdu: 0x2_0000,
  extendedApdu: 0x4_0000,
  wakeUp: 0x10_0000,
} as const;

/** bPowerSelect of IccPowerOn (§6.1.1); 5, 3 and 1.8 V are bits 0, 1 and 2 of bVoltageSupport. */
export const POWER = { automatic: 0, volts5: 1, volts3: 2, volts1_8: 3 } as const;
export type PowerSelect = (typeof POWER)[keyof typeof POWER];

/** wLevelParameter of XfrBlock at extended-APDU level (§6.1.4). At character level it is a number of bytes. */
export const LEVEL = {
  whole: 0x00,
  begins: 0x01,
  ends: 0x02,
  continues: 0x03,
  expectsResponse: 0x10,
} as const;

/** bChainParameter of DataBlock at extended-APDU level (§6.2.1). */
export const CHAIN = {
  whole: 0x00,
  begins: 0x01,
  ends: 0x02,
  continues: 0x03,
  expectsCommand: 0x10,
} as const;

/** Class request on the control pipe (§5.3.1): wValue = seq, high byte, and slot, low byte. */
export const ABORT_REQUEST = 0x01;
/** The two other class requests (§5.3.2, §5.3.3), which answer lists of 4-byte numbers: kHz, and bit/s. */
export const GET_CLOCK_FREQUENCIES_REQUEST = 0x02;
export const GET_DATA_RATES_REQUEST = 0x03;
