import { concatBytes, xorOf } from '../../bytes/compare.ts';
import { framingError } from '../error.ts';
import { ETX, STX } from './profile.ts';
import type { HidFraming } from './profile.ts';

/** The reports, all of the framing's size, that carry one message. `framing.length` for one that is too long. */
export function encodeReports(message: Uint8Array, framing: HidFraming): Uint8Array[] {
  const limit = Math.min(framing.maxMessage, framing.lengthBytes === 1 ? 0xff : 0xffff);
  if (message.length > limit) {
    throw framingError('framing.length', 'The message is longer than this reader takes.', {
      length: message.length,
      limit,
    });
  }
  const wrapped = wrap(message, framing);
  const reports: Uint8Array[] = [];
  for (let at = 0; at < wrapped.length; at += framing.reportSize) {
    const report = new Uint8Array(framing.reportSize).fill(framing.padding);
    report.set(wrapped.subarray(at, at + framing.reportSize));
    reports.push(report);
  }
  return reports;
}

function wrap(message: Uint8Array, framing: HidFraming): Uint8Array {
  switch (framing.wrapper) {
    case 'ccid-xor':
      return concatBytes(Uint8Array.of(STX), message, Uint8Array.of(ETX, xorOf(message) ^ ETX));
    case 'plain':
      return concatBytes(lengthField(message.length, framing), message);
  }
}

function lengthField(length: number, { lengthBytes, lengthOrder }: HidFraming): Uint8Array {
  if (lengthBytes === 1) return Uint8Array.of(length);
  const [high, low] = [length >>> 8, length & 0xff];
  return lengthOrder === 'big' ? Uint8Array.of(high, low) : Uint8Array.of(low, high);
}
