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

/** bError of a failed command (§6.2.6 and R:LudovicRousseau/CCID src/ccid.c). */
export const SLOT_ERROR = {
  commandNotSupported: 0x00,
  badSlot: 0x05,
  busy: 0xe0,
  pinCancelled: 0xef,
  pinTimeout: 0xf0,
  autoSequence: 0xf2,
  deactivatedProtocol: 0xf3,
  procedureByteConflict: 0xf4,
  iccClassNotSupported: 0xf5,
  iccProtocolNotSupported: 0xf6,
  badTck: 0xf7,
  badTs: 0xf8,
  hardware: 0xfb,
  overrun: 0xfc,
  parity: 0xfd,
  mute: 0xfe,
  aborted: 0xff,
} as const;

/** Bits of dwFeatures (§5.1): who does what. */
export const FEATURE = {
  autoFromAtr: 0x02,
  autoVoltage: 0x08,
  autoParameters: 0x40,
  autoPps: 0x80,
  autoIfsd: 0x400,
  tpdu: 0x1_0000,
  shortApdu: 0x2_0000,
  extendedApdu: 0x4_0000,
} as const;

/** Class request on the control pipe (§5.3.1): wValue = seq, high byte, and slot, low byte. */
export const ABORT_REQUEST = 0x01;
