import { equalBytes } from '../../bytes/compare.ts';
import type { CardSession } from '../../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader } from '../contract.ts';
import { commandsFor } from '../dialect/commands-for.ts';
import { refused } from '../memory-error.ts';
import { dataOf, isAnyMemoryAtr, statusOf } from '../response.ts';
import { reverseBits } from './bit-order.ts';
import { BIT_SERIAL_COMMANDS } from './commands.ts';
import { BitSerialDriver } from './driver.ts';
import { AT88SC102 } from './tables/at88sc102.ts';
import { AT88SC1602 } from './tables/at88sc1602.ts';
import { AT88SC1604 } from './tables/at88sc1604.ts';
import { ownZone, type ZoneTable } from './zone-table.ts';

const SUCCESS = 0x9000;
const SHOWN = 2;

/**
 * The layouts that are told apart by themselves. The AT88SC1604B is not among them: as far as is known it cannot be
 * told from an AT88SC1604, so that a province that has it names it: `bitSerialFamilies([AT88SC1604B, …])`.
 */
export const BIT_SERIAL_TABLES: readonly ZoneTable[] = [AT88SC102, AT88SC1604, AT88SC1602];

/** One family a table. Two tables with the same fabrication zone both claim a card, which is then left alone. */
export function bitSerialFamilies(tables: readonly ZoneTable[] = BIT_SERIAL_TABLES): readonly ChipFamily[] {
  return tables.map((table) => ({
    chip: table.chip,
    matches: (atr) => showsFabrication(table, atr),
    probe: (session, reader) => holdsFabrication(table, session, reader),
    async open(session: CardSession, reader: MemoryReader): Promise<ChipDriver> {
      const commands = commandsFor(BIT_SERIAL_COMMANDS[table.commandSet], reader);
      const sw = statusOf(await session.transmit(commands.selectType()));
      if (sw !== SUCCESS) throw refused('the selection of its type', sw);
      return new BitSerialDriver({ session, table, commands, reader });
    },
  }));
}

/**
 * These chips have no answer to reset. ACS readers show their first four bytes in its place, each byte's bits turned
 * round: an AT88SC102 of a Mooltipass is seen as 3B 04 F0 F0 36 96 (pastebin BrGMPaBv), which is FZ 0F0F and the
 * first two letters of "limpkin", what its maker writes into the issuer zone. So only two of the four say the chip.
 */
function showsFabrication({ fabrication }: ZoneTable, atr: Uint8Array): boolean {
  return (
    isAnyMemoryAtr(atr) && equalBytes(reverseBits(atr.subarray(2, 2 + SHOWN)), Uint8Array.from(fabrication))
  );
}

/** Reads the fabrication zone, which burns no try, on readers that show something else. */
async function holdsFabrication(
  table: ZoneTable,
  session: CardSession,
  { memoryDialect }: MemoryReader,
): Promise<boolean> {
  const commands =
    memoryDialect === undefined ? undefined : BIT_SERIAL_COMMANDS[table.commandSet][memoryDialect];
  if (commands === undefined) return false;
  if (statusOf(await session.transmit(commands.selectType())) !== SUCCESS) return false;
  const { offset, length } = ownZone(table, 'fz');
  const answer = await session.transmit(commands.read(offset, length));
  if (statusOf(answer) !== SUCCESS) return false;
  return equalBytes(commands.bytesOf(dataOf(answer)), Uint8Array.from(table.fabrication));
}
