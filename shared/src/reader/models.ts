/** Dialects of memory-card pseudo-APDUs; what each says is a table under `chip/dialect/`. */
export type MemoryDialectName = 'acs';

/** What is known of a reader beyond its own descriptor. */
export interface ReaderModel {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  /** How names by PC/SC start for this model, letters and digits only; as `name` when absent. */
  readonly pcscName?: string;
  /** How the reader lets memory cards be driven; absent where it cannot. */
  readonly memoryDialect?: MemoryDialectName;
}

const ACS = 0x072f;

/**
 * The one table of readers. Numbers from R:LudovicRousseau/CCID readers/ and its supported list; that an ACS CCID
 * reader drives memory cards by the pseudo-APDUs from the ACR38 and ACR1281U reference manuals. None was tried by
 * this project.
 */
export const READER_MODELS: readonly ReaderModel[] = [
  {
    id: 'acr38u-ccid',
    name: 'ACS ACR38U-CCID',
    vendorId: ACS,
    productId: 0x90cc,
    // "ACS ACR 38U-CCID" under pcsc-lite, "ACS ACR38 USB Reader" under Windows.
    pcscName: 'acsacr38',
    memoryDialect: 'acs',
  },
  { id: 'acr39u', name: 'ACS ACR39U', vendorId: ACS, productId: 0xb100, memoryDialect: 'acs' },
  {
    id: 'acr1281u',
    name: 'ACS ACR1281U',
    vendorId: ACS,
    productId: 0x2224,
    pcscName: 'acsacr1281',
    memoryDialect: 'acs',
  },
];

/** A reader that is not in the table: CPU cards only, since its way with memory cards is unknown. */
export function modelOf(info: { vendorId: number; productId: number; product?: string }): ReaderModel {
  return (
    READER_MODELS.find(
      ({ vendorId, productId }) => vendorId === info.vendorId && productId === info.productId,
    ) ?? {
      id: 'ccid',
      name: info.product ?? 'CCID',
      vendorId: info.vendorId,
      productId: info.productId,
    }
  );
}

/** The same by the name that PC/SC gives: it starts with vendor and model. */
export function modelOfName(name: string): ReaderModel {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return (
    READER_MODELS.find((model) => plain(name).startsWith(model.pcscName ?? plain(model.name))) ?? {
      id: 'pcsc',
      name,
      vendorId: 0,
      productId: 0,
    }
  );
}
