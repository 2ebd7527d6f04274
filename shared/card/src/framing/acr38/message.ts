import { concatBytes } from '../../bytes/compare.ts';
import { framingError } from '../error.ts';
import { ACR38_COMMAND, CARD_LEFT, HEADER, HEADER_LENGTH } from './constants.ts';
import type { Acr38CommandName } from './constants.ts';

export interface Acr38Command {
  readonly name: Acr38CommandName;
  /** At most 65,535 bytes. */
  readonly data: Uint8Array;
}

export interface Acr38Answer {
  readonly status: number;
  readonly data: Uint8Array;
}

export function encodeAcr38Command({ name, data }: Acr38Command): Uint8Array {
  return frame(ACR38_COMMAND[name], data);
}

export function encodeAcr38Answer({ status, data }: Acr38Answer): Uint8Array {
  return frame(status, data);
}

/** The whole length that a frame's first four bytes announce; undefined while they are not there. */
export function announcedAcr38Length(start: Uint8Array): number | undefined {
  const [, , high, low] = start;
  return high === undefined || low === undefined ? undefined : HEADER_LENGTH + high * 256 + low;
}

/** One whole command; `framing.short`, `framing.type` or `framing.length` for anything else. */
export function decodeAcr38Command(bytes: Uint8Array): Acr38Command {
  const { second, data } = body(bytes);
  for (const name in ACR38_COMMAND) {
    if (ACR38_COMMAND[name as Acr38CommandName] === second) return { name: name as Acr38CommandName, data };
  }
  throw framingError('framing.type', 'The command is unknown.', { type: second });
}

/** One whole answer; `framing.short`, `framing.type` or `framing.length` for anything else. */
export function decodeAcr38Answer(bytes: Uint8Array): Acr38Answer {
  const { second, data } = body(bytes);
  return { status: second, data };
}

/** Whether a card is there now, of two bytes from the interrupt pipe; undefined for anything else. */
export function decodeAcr38Notice(bytes: Uint8Array): { readonly present: boolean } | undefined {
  const [header, what] = bytes;
  return header === HEADER && what !== undefined ? { present: what !== CARD_LEFT } : undefined;
}

function frame(second: number, data: Uint8Array): Uint8Array {
  if (data.length > 0xffff)
    throw framingError('framing.length', 'The message is too long.', { length: data.length });
  return concatBytes(Uint8Array.of(HEADER, second, data.length >>> 8, data.length), data);
}

function body(bytes: Uint8Array): { second: number; data: Uint8Array } {
  const [header, second] = bytes;
  const announced = announcedAcr38Length(bytes);
  if (announced === undefined || second === undefined) {
    throw framingError('framing.short', 'The message has no whole header.', { length: bytes.length });
  }
  if (header !== HEADER)
    throw framingError('framing.type', 'The message has another header.', { type: header });
  if (announced !== bytes.length) {
    const context = { announced, length: bytes.length };
    throw framingError('framing.length', 'The message is not as long as it says.', context);
  }
  return { second, data: bytes.slice(HEADER_LENGTH) };
}
