import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { blankBitSerial, laidOver, SimulatedBitSerialCard } from './card.ts';
import type { AcsBitSerialOptions } from './firmware.ts';
import { DirectSession } from '../../direct-session.ts';
import type { MemoryReader } from '../../../chip/contract.ts';
import { identifyChip } from '../../../chip/identify.ts';
import type { RegionData } from '../../../chip/region.ts';
import { BitSerialDriver } from '../../../chip/bit-serial/driver.ts';
import { BIT_SERIAL_TABLES, bitSerialFamilies } from '../../../chip/bit-serial/families.ts';
import type { ZoneTable } from '../../../chip/bit-serial/zone-table.ts';

export const SC = bytes('F0F0');
export const KEY = bytes('A1B2C3D4E5F6');
export const READER: MemoryReader = { memoryDialect: 'acs', wiresC4C8: true };

export function cardOf(
  table: ZoneTable,
  contents: readonly RegionData[] = [],
  options: AcsBitSerialOptions = {},
) {
  const memory = laidOver(blankBitSerial(table), table, contents);
  return new SimulatedBitSerialCard({ table, memory, ...options });
}

export async function driverOn(
  card: SimulatedBitSerialCard,
  {
    reader = READER,
    tables = BIT_SERIAL_TABLES,
  }: { reader?: MemoryReader; tables?: readonly ZoneTable[] } = {},
) {
  const sent: string[] = [];
  const session = new DirectSession(card);
  const driver = await identifyChip(
    {
      atr: session.atr,
      end: () => session.end(),
      transmit: (apdu) => {
        sent.push(hex(apdu));
        return session.transmit(apdu);
      },
    },
    reader,
    bitSerialFamilies(tables),
  );
  if (!(driver instanceof BitSerialDriver)) throw new TypeError('another driver');
  return { driver, sent };
}
