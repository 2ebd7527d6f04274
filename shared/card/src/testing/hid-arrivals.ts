import { toHex } from '../bytes/hex.ts';
import type { HidArrival } from '../framing/hid/decode.ts';

export const texts = (arrivals: readonly HidArrival[]): string[] =>
  arrivals.map((arrival) => ('message' in arrival ? toHex(arrival.message) : arrival.fault.code));
