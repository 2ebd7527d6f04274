import { PASSWORD, ZONE_SIZE } from '../chip/at88sc153/constants.ts';
import { At88sc153Driver } from '../chip/at88sc153/driver.ts';
import {
  CONFIG_SIZE,
  PASSWORD_SETS,
  READ_PASSWORD,
  USER_ZONE_SIZE,
  USER_ZONES,
} from '../chip/at88sc1608/constants.ts';
import { At88Sc1608Driver } from '../chip/at88sc1608/driver.ts';
import type { ChipDriver } from '../chip/contract.ts';
import { AT88SC153_SECRETS, AT88SC1608_SECRETS } from '../transcript/redaction-rules.ts';
import type { ChipShape, ZoneShape } from './zone-shape.ts';

/** Fuses fall one by one and never rise. */
const FUSES: ZoneShape = {
  zone: 'fuses',
  length: 1,
  access: 'never',
  read: async (driver) => Uint8Array.of(await fusesOf(driver)),
};

const user = (count: number, length: number): ZoneShape[] =>
  Array.from({ length: count }, (_, i) => ({ zone: `user${i}`, length, access: 'code' }));

/** The driver gives what the chip may not show as 00, so that zones under a read password look empty. */
export const AT88SC153_SHAPE: ChipShape = {
  zones: [
    ...user(3, ZONE_SIZE),
    { zone: 'config', length: ZONE_SIZE, access: 'code', secret: AT88SC153_SECRETS },
    FUSES,
  ],
  codes: [
    { key: PASSWORD.write0, name: 'Write 0' },
    { key: PASSWORD.write1, name: 'Write 1' },
    { key: PASSWORD.read0, name: 'Read 0' },
    { key: PASSWORD.read1, name: 'Read 1' },
  ],
};

export const AT88SC1608_SHAPE: ChipShape = {
  zones: [
    ...user(USER_ZONES, USER_ZONE_SIZE),
    { zone: 'config', length: CONFIG_SIZE, access: 'code', secret: AT88SC1608_SECRETS },
    FUSES,
  ],
  codes: ['Write', 'Read'].flatMap((name, read) =>
    Array.from({ length: PASSWORD_SETS }, (_, set) => ({
      key: set + read * READ_PASSWORD,
      name: `${name} ${set}`,
    })),
  ),
};

async function fusesOf(driver: ChipDriver): Promise<number> {
  const known = driver instanceof At88sc153Driver || driver instanceof At88Sc1608Driver;
  return known ? driver.readFuses() : 0;
}
