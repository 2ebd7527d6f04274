import { AT88SC1602 } from '../../../chip/bit-serial/tables/at88sc1602.ts';
import { ownZone, type ZoneTable } from '../../../chip/bit-serial/zone-table.ts';
import type { MemoryCardKind } from '../../memory-card-kind.ts';
import { blankBitSerial, laidOver, SimulatedBitSerialCard } from './card.ts';

/** Cards of one layout. */
export function bitSerialKind(table: ZoneTable): MemoryCardKind {
  return {
    issue({ contents, codes, seed }) {
      const memory = laidOver(blankBitSerial(table), table, contents);
      for (const { key, code } of codes) {
        const zone = table.codes.find((one) => one.key === key)?.zone;
        if (zone === undefined) throw new RangeError(`an ${table.chip} has no code ${key}`);
        memory.set(code, ownZone(table, zone).offset);
      }
      return new SimulatedBitSerialCard({
        table,
        memory,
        issued: true,
        ...(seed === undefined ? {} : { seed }),
      });
    },
    blank: (seed) =>
      new SimulatedBitSerialCard({
        table,
        memory: blankBitSerial(table),
        issued: false,
        ...(seed === undefined ? {} : { seed }),
      }),
    restore: (snapshot, seed) => SimulatedBitSerialCard.restore(table, snapshot, seed),
  };
}

export const at88sc1602Kind: MemoryCardKind = bitSerialKind(AT88SC1602);
