import { concatBytes } from '../bytes/compare.ts';
import type { ChipDriver } from '../chip/contract.ts';

import { type CpuFile, zoneOf } from '../chip/cpu/dialect.ts';
import { CpuDriver } from '../chip/cpu/driver.ts';
import type { ChipShape } from './zone-shape.ts';

const ACCESS = { mac: 'mac', plain: 'plain', never: 'issuer' } as const;

/** The files of the dialect that the driver found. */
export function cpuShape(driver: ChipDriver): ChipShape {
  if (!(driver instanceof CpuDriver)) return { zones: [], codes: [] };
  const { id, files } = driver.dialect;
  return {
    variant: id,
    codes: [],
    zones: files.map((file) => ({
      zone: zoneOf(file),
      length: file.length,
      access: ACCESS[file.update],
      ...(file.records === undefined ? {} : { read: (on: ChipDriver) => readRecords(on, file) }),
    })),
  };
}

async function readRecords(driver: ChipDriver, file: CpuFile): Promise<Uint8Array> {
  if (!(driver instanceof CpuDriver)) return new Uint8Array();
  const records: Uint8Array[] = [];
  for (let record = 1; record <= (file.records?.count ?? 0); record++) {
    records.push(await driver.readRecord({ zone: zoneOf(file), record }));
  }
  return concatBytes(...records);
}
