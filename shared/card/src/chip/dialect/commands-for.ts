import type { MemoryDialectName } from '../../reader/models.ts';
import type { MemoryReader } from '../contract.ts';
import { ChipError } from '../error.ts';

/** A chip's commands in the reader's own words. `chip.unsupported` where the reader has none for this chip. */
export function commandsFor<T>(
  table: Readonly<Partial<Record<MemoryDialectName, T>>>,
  reader: MemoryReader,
): T {
  const commands = reader.memoryDialect === undefined ? undefined : table[reader.memoryDialect];
  if (commands === undefined) {
    throw new ChipError({
      code: 'chip.unsupported',
      message: 'This reader cannot drive this kind of memory card; use another reader.',
    });
  }
  return commands;
}
