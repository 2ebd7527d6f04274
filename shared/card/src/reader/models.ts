import { FEATURE } from '../framing/ccid/constants.ts';
import type { CcidDescriptor, ExchangeLevel, encodeDescriptor } from '../framing/ccid/descriptor.ts';
import type { HidFraming } from '../framing/hid/profile.ts';
import { deviceText } from '../usb/device-text.ts';

/** Dialects of memory-card pseudo-APDUs; what each says is a table under `chip/dialect/`. */
export type MemoryDialectName = 'acs' | 'omnikey';

/** How a model is spoken to. */
export type ReaderTransport = 'ccid' | 'ccid-in-hid' | 'acr38';

/** How a HID reader carries CCID, and what its missing class descriptor would say. */
export interface HidTransport {
  /** Of the collection that the reports belong to. */
  readonly usagePage: number;
  readonly usage: number;
  readonly framing: HidFraming;
  readonly ccid: Parameters<typeof encodeDescriptor>[0];
  /** Whether it tells of cards by a message of its own (type 50), or has to be looked at. */
  readonly slotChange: 'notify' | 'poll';
}

/** What is known of a reader beyond its own descriptor. */
export interface ReaderModel {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  /** `ccid` when absent. */
  readonly transport?: ReaderTransport;
  /** Of a `ccid-in-hid` reader. */
  readonly hid?: HidTransport;
  /** The level that it really works at, where its descriptor does not tell the truth. */
  readonly level?: ExchangeLevel;
  /** How names by PC/SC start for this model, letters and digits only; as `name` when absent. */
  readonly pcscNames?: readonly string[];
  /** How the reader lets memory cards be driven; absent where it cannot. */
  readonly memoryDialect?: MemoryDialectName;
  /** Whether C8 (each pulse) and C4 (fuses) reach the card, as AT88SC102/1602/1604 need; absent where no source says. */
  readonly wiresC4C8?: boolean;
  /** Where its numbers are from. */
  readonly source?: string;
  /** What of this entry nothing public settles. */
  readonly unconfirmed?: readonly string[];
}

const ACS = 0x072f;
const OMNIKEY = 0x076b;

const CCID_LIST = 'R:LudovicRousseau/CCID readers/supported_readers.txt';
const ACS_LIST = 'R:acshk/acsccid src/supported_readers.txt';
const ACS_DIALECT = 'the ACS dialect, which other ACS reference manuals describe';
/** What the HID OMNIKEY rows share. */
const OMNIKEY_CONTACT = {
  vendorId: OMNIKEY,
  memoryDialect: 'omnikey',
  source: CCID_LIST,
  unconfirmed: [
    'the dialect (docs/protocol/memory-card-dialects.md); SLE4442 and SLE4428 only',
    'that the pseudo-APDUs work without the maker’s own driver',
  ],
} as const;

/** The one table of readers. None was tried by this project. */
export const READER_MODELS: readonly ReaderModel[] = [
  {
    id: 'acr38u-ccid',
    name: 'ACS ACR38U-CCID',
    vendorId: ACS,
    productId: 0x90cc,
    // "ACS ACR 38U-CCID" under pcsc-lite, "ACS ACR38 USB Reader" under Windows.
    pcscNames: ['acsacr38uccid', 'acsacr38usb', 'acsacr38'],
    memoryDialect: 'acs',
    // Its manual has card type 09 (AT88SC101/102/1003). R:limpkin/mooltipass tools/smc_decode presents codes through it.
    wiresC4C8: true,
    source: `${CCID_LIST}; readers/ACR38U-CCID.txt; ACR38 reference manual`,
    unconfirmed: [
      'wiresC4C8: C8 by one program alone, C4 by the card types of its manual',
      'its name under Windows',
    ],
  },
  {
    id: 'acr38u',
    name: 'ACS ACR38U',
    vendorId: ACS,
    productId: 0x9000,
    transport: 'acr38',
    memoryDialect: 'acs',
    source: `${ACS_LIST}; src/acr38cmd.c`,
    unconfirmed: [
      'which bytes it answers with when a memory card is powered',
      'that it takes the pseudo-APDUs of its CCID successor (R:acshk/acsccid sends it FF A4)',
    ],
  },
  {
    id: 'acr3801',
    name: 'ACS ACR3801',
    vendorId: ACS,
    productId: 0x90d8,
    memoryDialect: 'acs',
    source: `${ACS_LIST}; ACR38/ACR3801 reference manual`,
  },
  {
    id: 'acr39u',
    name: 'ACS ACR39U',
    vendorId: ACS,
    productId: 0xb100,
    memoryDialect: 'acs',
    source: `${CCID_LIST}; readers/ACS_ACR39U_ICC_Reader.txt`,
    unconfirmed: [ACS_DIALECT],
  },
  {
    id: 'acr1281u',
    name: 'ACS ACR1281U',
    vendorId: ACS,
    productId: 0x2224,
    pcscNames: ['acsacr1281'],
    memoryDialect: 'acs',
    source: `${CCID_LIST}; readers/ACS_ACR1281U.txt; ACR1281U reference manual`,
    unconfirmed: ['which of its three slots is the contact one'],
  },
  {
    ...OMNIKEY_CONTACT,
    id: 'omnikey-3x21',
    name: 'HID OMNIKEY 3x21',
    productId: 0x3031,
    pcscNames: ['hidglobalomnikey3x21', 'hidomnikey3x21'],
    // Sold as 1021, 3021 and 3121. Its firmware chains (R:LudovicRousseau/CCID src/ccid.c, HID_OMNIKEY_3X21).
    level: 'extended-apdu',
  },
  {
    ...OMNIKEY_CONTACT,
    id: 'omnikey-3121',
    name: 'OMNIKEY CardMan 3121',
    productId: 0x3021,
    // 3021 and 3121 share the number (readers/CardMan3021.txt, CardMan3121.txt). "CardMan 3x21" is the maker's driver.
    pcscNames: ['omnikeyagcardman3121', 'omnikeyagcardman3021', 'omnikeycardman3x21'],
  },
  {
    ...OMNIKEY_CONTACT,
    id: 'omnikey-3121-usb',
    name: 'OMNIKEY 3121 USB',
    productId: 0x3022,
    pcscNames: ['omnikeyag3121usb'],
  },
  {
    ...OMNIKEY_CONTACT,
    id: 'omnikey-6121',
    name: 'HID OMNIKEY 6121',
    productId: 0x6632,
    pcscNames: ['hidglobalomnikey6121'],
    // Its firmware chains (R:LudovicRousseau/CCID src/ccid.c, HID_OMNIKEY_6121).
    level: 'extended-apdu',
  },
  {
    ...OMNIKEY_CONTACT,
    id: 'omnikey-6121-cardman',
    name: 'OMNIKEY CardMan 6121',
    productId: 0x6622,
    pcscNames: ['omnikeyagcardman6121', 'omnikeycardman6121'],
  },
];

/** A reader that is not in the table: CPU cards only, since its way with memory cards is unknown. */
export function modelOf(info: { vendorId: number; productId: number; product?: string }): ReaderModel {
  return (
    READER_MODELS.find(
      ({ vendorId, productId }) => vendorId === info.vendorId && productId === info.productId,
    ) ?? {
      id: 'ccid',
      name: deviceText(info.product ?? '') || 'CCID',
      vendorId: info.vendorId,
      productId: info.productId,
    }
  );
}

/** The same by the name that PC/SC gives: it starts with vendor and model. The longest start that fits counts. */
export function modelOfName(name: string): ReaderModel {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(name);
  const fits = READER_MODELS.flatMap((model) =>
    (model.pcscNames ?? [plain(model.name)])
      .filter((start) => wanted.startsWith(start))
      .map((start) => ({ model, length: start.length })),
  );
  const [best] = fits.sort((a, b) => b.length - a.length);
  return best?.model ?? { id: 'pcsc', name: deviceText(name) || 'PC/SC', vendorId: 0, productId: 0 };
}

const LEVEL_BITS: Readonly<Record<ExchangeLevel, number>> = {
  character: 0,
  tpdu: FEATURE.tpdu,
  'short-apdu': FEATURE.shortApdu,
  'extended-apdu': FEATURE.extendedApdu,
};

/** A reader's descriptor with the level that it really works at. */
export function trueDescriptor(descriptor: CcidDescriptor, model: ReaderModel): CcidDescriptor {
  if (model.level === undefined) return descriptor;
  const levels = FEATURE.tpdu | FEATURE.shortApdu | FEATURE.extendedApdu;
  return { ...descriptor, features: (descriptor.features & ~levels) | LEVEL_BITS[model.level] };
}
