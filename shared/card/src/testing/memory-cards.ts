import { at88sc1602Kind } from './chips/bit-serial/kind.ts';
import { sle4428Kind } from './chips/sle4428/kind.ts';
import { sle4442Kind } from './chips/sle4442/kind.ts';
import { at88sc153Kind } from './chips/at88sc153/kind.ts';
import { at88sc1608Kind } from './chips/at88sc1608/kind.ts';
import type { MemoryCardKind } from './memory-card-kind.ts';
import type { MemoryChip } from './meter-files.ts';

export const MEMORY_CARDS: Readonly<Partial<Record<MemoryChip, MemoryCardKind>>> = {
  SLE4442: sle4442Kind,
  SLE4428: sle4428Kind,
  AT88SC1608: at88sc1608Kind,
  AT88SC153: at88sc153Kind,
  AT88SC1602: at88sc1602Kind,
};

/** `RangeError` for a chip that is not simulated. */
export function memoryCardKind(chip: string): MemoryCardKind {
  const kind = (MEMORY_CARDS as Readonly<Record<string, MemoryCardKind | undefined>>)[chip];
  if (kind === undefined) throw new RangeError(`no simulated ${chip}`);
  return kind;
}
