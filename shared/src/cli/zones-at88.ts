import { PASSWORD, ZONE_SIZE } from '../chip/at88sc153/constants.ts';
import { At88sc153Driver } from '../chip/at88sc153/driver.ts';
import {
  CONFIG_SIZE,
  PASSWORD_SETS,
  READ_PASSWORD,
  USER_ZONE_SIZE,
  USER_ZONES,
} from '../chip/at88sc1608/constants.ts';
import { AT88SC153_SECRETS, AT88SC1608_SECRETS } from '../transcript/redaction-rules.ts';
import type { ChipDriver } from '../chip/contract.ts';
import type { ChipShape } from './zone-shape.ts';

/** A driver gives what the chip may not show as 00, so that zones under a read password look empty. */
export const AT88SC153_SHAPE: ChipShape = {
  zones: [
    ...(['user0', 'user1', 'user2'] as const).map((zone) => ({
      zone,
      length: ZONE_SIZE,
      access: 'code' as const,
    })),
    { zone: 'config', length: ZONE_SIZE, access: 'code', secret: AT88SC153_SECRETS },
    {
      zone: 'fuses',
      length: 1,
      access: 'never',
      read: async (driver) => Uint8Array.of(await fusesOf(driver)),
    },
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
    ...Array.from({ length: USER_ZONES }, (_, i) => ({
      zone: `user${i}`,
      length: USER_ZONE_SIZE,
      access: 'code' as const,
    })),
    { zone: 'config', length: CONFIG_SIZE, access: 'code', secret: AT88SC1608_SECRETS },
  ],
  codes: Array.from({ length: PASSWORD_SETS }, (_, set) => [
    { key: set, name: `Write ${set}` },
    { key: set + READ_PASSWORD, name: `Read ${set}` },
  ]).flat(),
};

async function fusesOf(driver: ChipDriver): Promise<number> {
  return driver instanceof At88sc153Driver ? driver.readFuses() : 0;
}
