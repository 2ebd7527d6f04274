import { framingError } from '../error.ts';
import { COMMAND, HEADER_LENGTH, RESPONSE } from './constants.ts';
import type { CommandName, ResponseName } from './constants.ts';

/** A command to the reader. `parameters` are the three message-specific bytes of its header. */
export interface CcidCommand {
  readonly name: CommandName;
  readonly slot: number;
  readonly seq: number;
  readonly parameters: readonly [number, number, number];
  readonly data: Uint8Array;
}

export type IccState = 'active' | 'inactive' | 'absent';
export type CommandState = 'done' | 'failed' | 'time-extension';

/** An answer of the reader. */
export interface CcidResponse {
  readonly name: ResponseName;
  readonly slot: number;
  readonly seq: number;
  readonly icc: IccState;
  readonly command: CommandState;
  /** bError: cause of a failure (`slotErrorName`), or the multiple of BWT of a time extension. */
  readonly error: number;
  /** Byte 9: chaining of a data block, protocol of parameters, clock state of a slot status. */
  readonly parameter: number;
  readonly data: Uint8Array;
}

/** Offsets in the header, the same both ways (§6.1, §6.2). */
const AT = { type: 0, length: 1, slot: 5, seq: 6, own: 7 } as const;
const ICC_STATES: readonly IccState[] = ['active', 'inactive', 'absent'];
const COMMAND_STATES: readonly CommandState[] = ['done', 'failed', 'time-extension'];
const COMMAND_NAMES = namesOf(COMMAND);
const RESPONSE_NAMES = namesOf(RESPONSE);

export function encodeCommand(command: CcidCommand): Uint8Array {
  const { name, slot, seq, parameters, data } = command;
  return frame([COMMAND[name], slot, seq, ...parameters], data);
}

/** The whole length, bytes, that a message's first ten bytes announce; undefined while they are not all there. */
export function announcedLength(start: Uint8Array): number | undefined {
  if (start.length < HEADER_LENGTH) return undefined;
  const [, low = 0, second = 0, third = 0, high = 0] = start;
  return HEADER_LENGTH + low + second * 0x100 + third * 0x1_0000 + high * 0x100_0000;
}

/** One whole command; `framing.short`, `framing.type` or `framing.length` for anything else. */
export function decodeCommand(bytes: Uint8Array): CcidCommand {
  checkLength(bytes);
  const [type = 0, , , , , slot = 0, seq = 0, first = 0, second = 0, third = 0] = bytes;
  const name = nameOf(COMMAND_NAMES, type);
  return { name, slot, seq, parameters: [first, second, third], data: bytes.slice(HEADER_LENGTH) };
}

export function encodeResponse(response: CcidResponse): Uint8Array {
  const { name, slot, seq, icc, command, error, parameter, data } = response;
  const status = ICC_STATES.indexOf(icc) | (COMMAND_STATES.indexOf(command) << 6);
  return frame([RESPONSE[name], slot, seq, status, error, parameter], data);
}

/** One whole response; `framing.short`, `framing.type` or `framing.length` for anything else. */
export function decodeResponse(bytes: Uint8Array): CcidResponse {
  checkLength(bytes);
  const [type = 0, , , , , slot = 0, seq = 0, status = 0, error = 0, parameter = 0] = bytes;
  const name = nameOf(RESPONSE_NAMES, type);
  const icc = ICC_STATES[status & 0x03];
  const command = COMMAND_STATES[status >> 6];
  if (icc === undefined || command === undefined) {
    throw framingError('framing.type', 'The reader gave a status that does not exist.', { status });
  }
  return { name, slot, seq, icc, command, error, parameter, data: bytes.slice(HEADER_LENGTH) };
}

/** Type, slot, sequence number and the three bytes of each message's own, around the length of the data. */
function frame([type = 0, slot = 0, seq = 0, ...own]: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + data.length);
  bytes[AT.type] = type;
  bytes[AT.length] = data.length;
  bytes[AT.length + 1] = data.length >>> 8;
  bytes[AT.length + 2] = data.length >>> 16;
  bytes[AT.length + 3] = data.length >>> 24;
  bytes[AT.slot] = slot;
  bytes[AT.seq] = seq;
  bytes.set(own, AT.own);
  bytes.set(data, HEADER_LENGTH);
  return bytes;
}

function checkLength(bytes: Uint8Array): void {
  const announced = announcedLength(bytes);
  if (announced === undefined) {
    throw framingError('framing.short', 'The message has no whole header.', { length: bytes.length });
  }
  if (announced !== bytes.length) {
    const context = { announced, length: bytes.length };
    throw framingError('framing.length', 'The message is not as long as it says.', context);
  }
}

function namesOf<Name extends string>(types: Readonly<Record<Name, number>>): ReadonlyMap<number, Name> {
  return new Map((Object.keys(types) as Name[]).map((name) => [types[name], name]));
}

function nameOf<Name extends string>(names: ReadonlyMap<number, Name>, type: number): Name {
  const name = names.get(type);
  if (name === undefined) throw framingError('framing.type', 'The message is of an unknown type.', { type });
  return name;
}
