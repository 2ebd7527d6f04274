import type { MemoryDialectName } from '../chip/contract.ts';

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
