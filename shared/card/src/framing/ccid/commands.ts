import { concatBytes } from '../../bytes/compare.ts';
import { POWER } from './constants.ts';
import type { PowerSelect } from './constants.ts';
import type { CcidCommand } from './message.ts';
import { encodeProtocolData } from './parameters.ts';
import type { ProtocolData } from './parameters.ts';

/** A command without its slot and sequence number: what each builder below gives. */
export type CommandBody = Pick<CcidCommand, 'name' | 'parameters' | 'data'>;

const NONE = new Uint8Array();
const ZEROS = [0, 0, 0] as const;

const plain = (name: CcidCommand['name']): CommandBody => ({ name, parameters: ZEROS, data: NONE });

/** Cold reset of a card without power, warm reset of one that has it (§6.1.1); DataBlock with the ATR. */
export function iccPowerOn(select: PowerSelect = POWER.automatic): CommandBody {
  return { name: 'iccPowerOn', parameters: [select, 0, 0], data: NONE };
}

/** §6.1.2; SlotStatus. */
export const iccPowerOff: CommandBody = plain('iccPowerOff');
/** §6.1.3; SlotStatus. */
export const getSlotStatus: CommandBody = plain('getSlotStatus');
/** §6.1.5; Parameters. */
export const getParameters: CommandBody = plain('getParameters');
/** Back to the defaults (§6.1.6); Parameters. */
export const resetParameters: CommandBody = plain('resetParameters');
/** Second half of an abort, with the sequence number of the control request (§6.1.13); SlotStatus. */
export const abort: CommandBody = plain('abort');

export interface Transfer {
  readonly data: Uint8Array;
  /** bBWI: multiplies the block waiting time of this one transfer; 0 for no change. */
  readonly bwi?: number;
  /** wLevelParameter: `LEVEL` at extended-APDU level, bytes expected at character level, else 0. */
  readonly level?: number;
}

/** To the card and back (§6.1.4); DataBlock. */
export function xfrBlock({ data, bwi = 0, level = 0 }: Transfer): CommandBody {
  return { name: 'xfrBlock', parameters: [bwi & 0xff, level & 0xff, level >> 8], data };
}

/** §6.1.7; Parameters, with what the reader really set. */
export function setParameters(data: ProtocolData): CommandBody {
  return { name: 'setParameters', parameters: [data.protocol, 0, 0], data: encodeProtocolData(data) };
}

/** The maker's own (§6.1.8); Escape. */
export function escape(data: Uint8Array): CommandBody {
  return { name: 'escape', parameters: ZEROS, data };
}

/** Restarts the card's clock, or stops it as bClockStop says (§6.1.9); SlotStatus. */
export function iccClock(action: 'restart' | 'stop'): CommandBody {
  return { name: 'iccClock', parameters: [action === 'restart' ? 0 : 1, 0, 0], data: NONE };
}

/** Classes of the reader's own GET RESPONSE and ENVELOPE at T=0, each changed only if given (§6.1.10); SlotStatus. */
export function t0Apdu(classes: { getResponse?: number; envelope?: number }): CommandBody {
  const { getResponse, envelope } = classes;
  const changes = (getResponse === undefined ? 0 : 1) | (envelope === undefined ? 0 : 2);
  return { name: 't0Apdu', parameters: [changes, getResponse ?? 0, envelope ?? 0], data: NONE };
}

/** PIN operation at the reader's keys: `operation` in front of its block (§6.1.11, `pin.ts`); DataBlock. */
export function secure(operation: number, block: Uint8Array, bwi = 0): CommandBody {
  return {
    name: 'secure',
    parameters: [bwi & 0xff, 0, 0],
    data: concatBytes(Uint8Array.of(operation), block),
  };
}

/** bFunction of Mechanical (§6.1.12). */
export const MECHANICAL = { accept: 1, eject: 2, capture: 3, lock: 4, unlock: 5 } as const;

/** §6.1.12; SlotStatus. */
export function mechanical(action: keyof typeof MECHANICAL): CommandBody {
  return { name: 'mechanical', parameters: [MECHANICAL[action], 0, 0], data: NONE };
}

/** Clock in kHz and data rate in bit/s, both for good (§6.1.14); DataRateAndClockFrequency. */
export function setDataRateAndClock(clock: number, dataRate: number): CommandBody {
  const data = new Uint8Array(8);
  const view = new DataView(data.buffer);
  view.setUint32(0, clock, true);
  view.setUint32(4, dataRate, true);
  return { name: 'setDataRateAndClock', parameters: ZEROS, data };
}
