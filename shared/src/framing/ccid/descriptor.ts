import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { framingError } from '../error.ts';
import { FEATURE } from './constants.ts';

/** Who speaks the card's protocol: the reader (APDU levels) or we (TPDU). */
export type ExchangeLevel = 'character' | 'tpdu' | 'short-apdu' | 'extended-apdu';

/** What we need of the 54-byte class descriptor (CCID rev 1.1 §5.1). */
export interface CcidDescriptor {
  readonly slots: number;
  /** Bit 0: 5 V, 1: 3 V, 2: 1.8 V. */
  readonly voltages: number;
  /** Bit 0: T=0, 1: T=1. */
  readonly protocols: number;
  readonly features: number;
  /** dwMaxCCIDMessageLength, bytes, header included. */
  readonly maxMessage: number;
  /** dwMaxIFSD, bytes. */
  readonly maxIfsd: number;
}

export const DESCRIPTOR_LENGTH = 54;
const DESCRIPTOR_TYPE = 0x21;

export function levelOf(descriptor: CcidDescriptor): ExchangeLevel {
  if (descriptor.features & FEATURE.extendedApdu) return 'extended-apdu';
  if (descriptor.features & FEATURE.shortApdu) return 'short-apdu';
  return descriptor.features & FEATURE.tpdu ? 'tpdu' : 'character';
}

/** `framing.descriptor` for anything but a whole CCID class descriptor. */
export function decodeDescriptor(bytes: Uint8Array): CcidDescriptor {
  if (bytes.length < DESCRIPTOR_LENGTH || bytes[0] !== DESCRIPTOR_LENGTH || bytes[1] !== DESCRIPTOR_TYPE) {
    throw framingError('framing.descriptor', 'This device does not describe itself as a card reader.', {
      length: bytes.length,
    });
  }
  const reader = new ByteReader(bytes);
  reader.take(4); // length, type, version
  const slots = reader.u8() + 1;
  const voltages = reader.u8();
  const protocols = reader.u32le();
  reader.take(18); // clocks and data rates
  const maxIfsd = reader.u32le();
  reader.take(8); // synchronous protocols, mechanical
  const features = reader.u32le();
  return { slots, voltages, protocols, features, maxIfsd, maxMessage: reader.u32le() };
}

/** The same with clock 4 MHz and 10,752 bit/s, as the simulated readers describe themselves. */
export function encodeDescriptor(descriptor: CcidDescriptor): Uint8Array {
  return new ByteWriter()
    .u8(DESCRIPTOR_LENGTH)
    .u8(DESCRIPTOR_TYPE)
    .u16le(0x0110)
    .u8(descriptor.slots - 1)
    .u8(descriptor.voltages)
    .u32le(descriptor.protocols)
    .u32le(4000)
    .u32le(4000)
    .u8(0)
    .u32le(10_752)
    .u32le(344_086)
    .u8(0)
    .u32le(descriptor.maxIfsd)
    .u32le(0)
    .u32le(0)
    .u32le(descriptor.features)
    .u32le(descriptor.maxMessage)
    .u8(0xff)
    .u8(0xff)
    .u16le(0)
    .u8(0)
    .u8(1)
    .bytes();
}
