import {
  ownZone,
  type ApplicationZone,
  type Zone,
  type ZoneCode,
  type ZoneTable,
} from '../../../chip/bit-serial/zone-table.ts';

const BITS = 8;

/** What a byte of the chip is part of. */
export interface Cell {
  readonly name: string;
  readonly zone: Zone;
  readonly application?: ApplicationZone | undefined;
  /** A byte of a code, with the code's first and last bit. */
  readonly code?: { readonly is: ZoneCode; readonly first: number; readonly last: number } | undefined;
}

/** A table turned inside out, by byte, since every clock asks. Undefined between zones. */
export function cellsOf(table: ZoneTable): readonly (Cell | undefined)[] {
  const cells = new Array<Cell | undefined>(table.size).fill(undefined);
  for (const name of Object.keys(table.zones)) {
    const zone = ownZone(table, name);
    const { offset, length } = zone;
    const is = table.codes.find((code) => code.zone === name);
    const application = table.applicationZones.find((one) => one.zone === name);
    const code = is && { is, first: offset * BITS, last: (offset + length) * BITS - 1 };
    cells.fill({ name, zone, application, code }, offset, offset + length);
  }
  return cells;
}
