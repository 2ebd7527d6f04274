import { ByteReader } from '../../bytes/byte-reader.ts';
import { ByteWriter } from '../../bytes/byte-writer.ts';
import { framingError } from '../error.ts';
import { FEATURE } from './constants.ts';

/** Who speaks the card's protocol: the reader (APDU levels) or we, block by block (TPDU) or byte by byte. */
export type ExchangeLevel = 'character' | 'tpdu' | 'short-apdu' | 'extended-apdu';

/** The 54-byte class descriptor (CCID rev 1.1 §5.1). */
export interface CcidDescriptor {
  /** bMaxSlotIndex + 1. */
  readonly slots: number;
  /** Bit 0: 5 V, 1: 3 V, 2: 1.8 V. */
  readonly voltages: number;
  /** Bit 0: T=0, 1: T=1. */
  readonly protocols: number;
  /** dwDefaultClock and dwMaximumClock, kHz. */
  readonly defaultClock: number;
  readonly maxClock: number;
  /** dwDataRate and dwMaxDataRate, bit/s. */
  readonly dataRate: number;
  readonly maxDataRate: number;
  /** bNumDataRatesSupported; 0: whatever lies between the two. */
  readonly dataRates: number;
  /** dwMaxIFSD, bytes. */
  readonly maxIfsd: number;
  /** Bits of dwMechanical: 1 accepts, 2 ejects, 4 captures cards, 8 locks them. */
  readonly mechanical: number;
  /** dwFeatures, bits of `FEATURE`. */
  readonly features: number;
  /** dwMaxCCIDMessageLength, bytes, header included. */
  readonly maxMessage: number;
  /** Class of GET RESPONSE and ENVELOPE that the reader sends by itself at T=0; FF: that of the APDU. */
  readonly classGetResponse: number;
  readonly classEnvelope: number;
  /** wLcdLayout: lines, high byte, and characters a line; 0: no display. */
  readonly lcd: number;
  /** bPINSupport: bit 0 verification, bit 1 modification. */
  readonly pin: number;
  /** bMaxCCIDBusySlots: slots that can be at work at once. */
  readonly busySlots: number;
}

export const DESCRIPTOR_LENGTH = 54;
const DESCRIPTOR_TYPE = 0x21;
const CCID_1_1 = 0x0110;

/** Where a simulated reader says nothing else: ACR38U-CCID's own (R:LudovicRousseau/CCID readers/ACR38U-CCID.txt). */
const USUAL = {
  defaultClock: 4_000,
  maxClock: 4_000,
  dataRate: 10_752,
  maxDataRate: 129_032,
  dataRates: 0,
  mechanical: 0,
  classGetResponse: 0x00,
  classEnvelope: 0x00,
  lcd: 0,
  pin: 0,
  busySlots: 1,
} as const;

/** The highest level that the reader has. */
export function levelOf({ features }: Pick<CcidDescriptor, 'features'>): ExchangeLevel {
  if (features & FEATURE.extendedApdu) return 'extended-apdu';
  if (features & FEATURE.shortApdu) return 'short-apdu';
  return features & FEATURE.tpdu ? 'tpdu' : 'character';
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
  const [defaultClock, maxClock] = [reader.u32le(), reader.u32le()];
  reader.u8(); // bNumClockSupported: we never change the clock
  const [dataRate, maxDataRate, dataRates] = [reader.u32le(), reader.u32le(), reader.u8()];
  const maxIfsd = reader.u32le();
  reader.u32le(); // dwSynchProtocols: 0 in every reader
  const [mechanical, features, maxMessage] = [reader.u32le(), reader.u32le(), reader.u32le()];
  const [classGetResponse, classEnvelope] = [reader.u8(), reader.u8()];
  const [lcd, pin, busySlots] = [reader.u16le(), reader.u8(), reader.u8()];
  return {
    slots,
    voltages,
    protocols,
    defaultClock,
    maxClock,
    dataRate,
    maxDataRate,
    dataRates,
    maxIfsd,
    mechanical,
    features,
    maxMessage,
    classGetResponse,
    classEnvelope,
    lcd,
    pin,
    busySlots,
  };
}

/** As simulated readers describe themselves: what is left out is as in ACR38U-CCID. */
export function encodeDescriptor(
  part: Partial<CcidDescriptor> &
    Pick<CcidDescriptor, 'slots' | 'voltages' | 'protocols' | 'features' | 'maxMessage' | 'maxIfsd'>,
): Uint8Array {
  const descriptor: CcidDescriptor = { ...USUAL, ...part };
  return new ByteWriter()
    .u8(DESCRIPTOR_LENGTH)
    .u8(DESCRIPTOR_TYPE)
    .u16le(CCID_1_1)
    .u8(descriptor.slots - 1)
    .u8(descriptor.voltages)
    .u32le(descriptor.protocols)
    .u32le(descriptor.defaultClock)
    .u32le(descriptor.maxClock)
    .u8(0)
    .u32le(descriptor.dataRate)
    .u32le(descriptor.maxDataRate)
    .u8(descriptor.dataRates)
    .u32le(descriptor.maxIfsd)
    .u32le(0)
    .u32le(descriptor.mechanical)
    .u32le(descriptor.features)
    .u32le(descriptor.maxMessage)
    .u8(descriptor.classGetResponse)
    .u8(descriptor.classEnvelope)
    .u16le(descriptor.lcd)
    .u8(descriptor.pin)
    .u8(descriptor.busySlots)
    .bytes();
}
