import { FEATURE } from '../framing/ccid/constants.ts';
import { encodeDescriptor } from '../framing/ccid/descriptor.ts';
import type { ExchangeLevel } from '../framing/ccid/descriptor.ts';

/** dwMaxCCIDMessageLength where a test says nothing. */
export const MAX_MESSAGE = 271;
const LEVEL_BITS = {
  character: 0,
  tpdu: FEATURE.tpdu,
  'short-apdu': FEATURE.shortApdu,
  'extended-apdu': FEATURE.extendedApdu,
} as const;

/** What a simulated reader says of itself. */
export interface SimulatedDescriptorInit {
  /** ACR38U-CCID's own level is TPDU. */
  readonly level?: ExchangeLevel;
  /** One when absent. */
  readonly slots?: number;
  /** How many of them may be at work at once: one when absent. */
  readonly busySlots?: number;
  /** Bits as in bVoltageSupport; 5 V alone when absent, as ACR38U-CCID. */
  readonly voltages?: number;
  /** Bits of dwFeatures instead of the usual ones, without those of the level. */
  readonly features?: number;
  /** dwMaxCCIDMessageLength; 271 when absent. */
  readonly maxMessage?: number;
  /** dwMaxDataRate, bit/s; 129,032 when absent. */
  readonly maxDataRate?: number;
  /** Bits as in dwProtocols; T=0 and T=1 when absent. */
  readonly protocols?: number;
}

/** dwFeatures of a simulated reader, without the bits of its level. */
export function featuresOf({ level = 'tpdu', features }: SimulatedDescriptorInit): number {
  const apdus = level === 'short-apdu' || level === 'extended-apdu';
  return features ?? FEATURE.autoClock | FEATURE.autoBaud | (apdus ? FEATURE.autoParameters : 0);
}

/** Its class descriptor. */
export function descriptorFor(init: SimulatedDescriptorInit): Uint8Array {
  const { level = 'tpdu', slots = 1, voltages = 0x01, maxMessage = MAX_MESSAGE, busySlots = 1 } = init;
  return encodeDescriptor({
    slots,
    voltages,
    protocols: init.protocols ?? 0x03,
    features: featuresOf(init) | LEVEL_BITS[level],
    maxMessage,
    maxIfsd: 254,
    busySlots,
    ...(init.maxDataRate === undefined ? {} : { maxDataRate: init.maxDataRate }),
  });
}
