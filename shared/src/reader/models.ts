/** Dialects of memory-card pseudo-APDUs; what each says is a table under `chip/dialect/`. */
export type MemoryDialectName = 'acs';

/** What is known of a reader beyond its own descriptor. */
export interface ReaderModel {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  /** How the reader lets memory cards be driven; absent where it cannot. */
  readonly memoryDialect?: MemoryDialectName;
}
