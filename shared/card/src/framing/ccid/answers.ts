import { framingError } from '../error.ts';
import type { CcidResponse } from './message.ts';
import { decodeProtocolData } from './parameters.ts';
import type { ProtocolData } from './parameters.ts';

/** bClockStatus of SlotStatus (§6.2.2). */
export type ClockStatus = 'running' | 'stopped-low' | 'stopped-high' | 'stopped';
const CLOCKS: readonly ClockStatus[] = ['running', 'stopped-low', 'stopped-high', 'stopped'];

/** `framing.type` for an answer that is no slot status, or a clock state that does not exist. */
export function clockOf(answer: CcidResponse): ClockStatus {
  const clock = CLOCKS[answer.parameter];
  if (answer.name !== 'slotStatus' || clock === undefined) throw wrong(answer);
  return clock;
}

/** What a Parameters answer says was set (§6.2.3). */
export function parametersOf(answer: CcidResponse): ProtocolData {
  if (answer.name !== 'parameters') throw wrong(answer);
  return decodeProtocolData(answer.parameter, answer.data);
}

/** Clock, kHz, and data rate, bit/s, that the reader really took (§6.2.5). */
export function ratesOf(answer: CcidResponse): { readonly clock: number; readonly dataRate: number } {
  if (answer.name !== 'dataRateAndClock' || answer.data.length !== 8) throw wrong(answer);
  const view = new DataView(answer.data.buffer, answer.data.byteOffset, 8);
  return { clock: view.getUint32(0, true), dataRate: view.getUint32(4, true) };
}

function wrong({ name, parameter, data }: CcidResponse): Error {
  return framingError('framing.type', 'The reader answered in another form.', {
    name,
    parameter,
    length: data.length,
  });
}
