import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
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
  /** bError: cause of a failure, or the multiple of BWT of a time extension. */
  readonly error: number;
  /** Byte 9: chaining of a data block, protocol of parameters, clock state of a slot status. */
  readonly parameter: number;
  readonly data: Uint8Array;
}

const ICC_STATES: readonly IccState[] = ['active', 'inactive', 'absent'];
const COMMAND_STATES: readonly CommandState[] = ['done', 'failed', 'time-extension'];

export function encodeCommand(command: CcidCommand): Uint8Array {
  const [p1, p2, p3] = command.parameters;
  return new ByteWriter()
    .u8(COMMAND[command.name])
    .u32le(command.data.length)
    .u8(command.slot)
    .u8(command.seq)
    .u8(p1)
    .u8(p2)
    .u8(p3)
    .raw(command.data)
    .bytes();
}

/** The whole length, bytes, that a message's first ten bytes announce; undefined while they are not all there. */
export function announcedLength(start: Uint8Array): number | undefined {
  if (start.length < HEADER_LENGTH) return undefined;
  return HEADER_LENGTH + new ByteReader(start.subarray(1)).u32le();
}

/** One whole command; `framing.type` or `framing.length` for anything else. */
export function decodeCommand(bytes: Uint8Array): CcidCommand {
  const reader = body(bytes);
  const name = nameOf(COMMAND, reader.u8());
  const length = reader.u32le();
  const [slot, seq] = [reader.u8(), reader.u8()];
  const parameters = [reader.u8(), reader.u8(), reader.u8()] as const;
  return { name, slot, seq, parameters, data: reader.take(length) };
}

export function encodeResponse(response: CcidResponse): Uint8Array {
  const status = ICC_STATES.indexOf(response.icc) | (COMMAND_STATES.indexOf(response.command) << 6);
  return new ByteWriter()
    .u8(RESPONSE[response.name])
    .u32le(response.data.length)
    .u8(response.slot)
    .u8(response.seq)
    .u8(status)
    .u8(response.error)
    .u8(response.parameter)
    .raw(response.data)
    .bytes();
}

/** One whole response; `framing.type` or `framing.length` for anything else. */
export function decodeResponse(bytes: Uint8Array): CcidResponse {
  const reader = body(bytes);
  const name = nameOf(RESPONSE, reader.u8());
  const length = reader.u32le();
  const [slot, seq, status, error, parameter] = [
    reader.u8(),
    reader.u8(),
    reader.u8(),
    reader.u8(),
    reader.u8(),
  ];
  const icc = ICC_STATES[status & 0x03];
  const command = COMMAND_STATES[status >> 6];
  if (icc === undefined || command === undefined) {
    throw framingError('framing.type', 'The reader gave a status that does not exist.', { status });
  }
  return { name, slot, seq, icc, command, error, parameter, data: reader.take(length) };
}

function body(bytes: Uint8Array): ByteReader {
  const announced = announcedLength(bytes);
  if (announced === undefined) {
    throw framingError('framing.short', 'The message has no whole header.', { length: bytes.length });
  }
  if (announced !== bytes.length) {
    throw framingError('framing.length', 'The message is not as long as it says.', {
      announced,
      length: bytes.length,
    });
  }
  return new ByteReader(bytes);
}

function nameOf<Name extends string>(types: Readonly<Record<Name, number>>, type: number): Name {
  for (const name in types) if (types[name] === type) return name;
  throw framingError('framing.type', 'The message is of an unknown type.', { type });
}
