import type { ChipDriver, ChipName } from '../chip/contract.ts';
import { AT88SC102 } from '../chip/bit-serial/tables/at88sc102.ts';
import { AT88SC1602 } from '../chip/bit-serial/tables/at88sc1602.ts';
import { AT88SC1604 } from '../chip/bit-serial/tables/at88sc1604.ts';
import { AT88SC1604B } from '../chip/bit-serial/tables/at88sc1604b.ts';
import type { ZoneTable } from '../chip/bit-serial/zone-table.ts';
import type { ChipShape } from './zone-shape.ts';

const TABLES: Readonly<Partial<Record<ChipName, ZoneTable>>> = {
  AT88SC102,
  AT88SC1602,
  AT88SC1604,
  AT88SC1604B,
};

/** The zones of a chip's table; its codes can be compared and never read. */
export function bitSerialShape({ chip }: ChipDriver): ChipShape {
  const table = TABLES[chip];
  if (table === undefined) return { zones: [], codes: [] };
  const codeZones = new Set(table.codes.map(({ zone }) => zone));
  const written = new Set(['cpz', ...table.applicationZones.map(({ zone }) => zone)]);
  const zones = Object.entries(table.zones).map(([zone, { length }]) => ({ zone, length }));
  return {
    zones: zones
      .filter(({ zone }) => !codeZones.has(zone))
      .map((each) => ({ ...each, access: written.has(each.zone) ? 'code' : 'never' })),
    codes: table.codes.flatMap(({ key, zone, attempts }) =>
      attempts === undefined ? [] : [{ key, name: zone.toUpperCase() }],
    ),
    unread: zones.filter(({ zone }) => codeZones.has(zone)),
  };
}
