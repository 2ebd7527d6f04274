import { encodeAccess } from '../../../chip/at88sc1608/access.ts';
import {
  CONFIG,
  counterAddress,
  PASSWORD_SIZE,
  PASSWORD_SETS,
  PASSWORDS,
  SECURE_CODE,
  USER_ZONE_SIZE,
  USER_ZONES,
} from '../../../chip/at88sc1608/constants.ts';
import type { MemoryCardKind } from '../../memory-card-kind.ts';
import { randomBytes, seededRandom } from '../../random.ts';
import { blankAt88Sc1608Config, SimulatedAt88Sc1608Card } from './card.ts';

/** Secure code of one lot of fresh chips (iMate MemoryCardAPI test); the data sheet says that each maker has its own. */
const TRANSPORT_CODE = Uint8Array.of(0x34, 0x34, 0x34);

/** Meter zone: read by all, written under Write password 0. */
const METER_ZONE = encodeAccess({
  ...{ writePassword: true, readPassword: false, authentication: false },
  ...{ set: 0, modifyForbidden: false, programOnly: false },
});
const CLOSED_ZONE = encodeAccess({
  ...{ writePassword: true, readPassword: true, authentication: false },
  ...{ set: PASSWORD_SETS - 1, modifyForbidden: false, programOnly: false },
});
const ALL_BLOWN = 0;

/** Keys that a card's codes are not derived from: passwords that are not meant to be used, and Gc. */
const UNUSED_SEED = 0x1608;

export const at88sc1608Kind: MemoryCardKind = {
  issue({ contents, codes, seed }) {
    const user = Array.from({ length: USER_ZONES }, () => new Uint8Array(USER_ZONE_SIZE).fill(0xff));
    for (const { zone, offset, data } of contents) {
      const cells = user[Number(/^user([0-7])$/.exec(zone)?.[1])];
      if (cells === undefined) throw new RangeError(`an AT88SC1608 has no zone ${zone}`);
      cells.set(data, offset);
    }
    const config = blankAt88Sc1608Config();
    const random = seededRandom((seed ?? 1) ^ UNUSED_SEED);
    for (let zone = 0; zone < USER_ZONES; zone++) {
      config[CONFIG.accessRegisters.at + zone] = zone === 0 ? METER_ZONE : CLOSED_ZONE;
    }
    config.set(randomBytes(random, CONFIG.cryptogram.size), CONFIG.cryptogram.at);
    config.set(randomBytes(random, CONFIG.secretSeed.size), CONFIG.secretSeed.at);
    for (let key = 0; key < PASSWORDS; key++) {
      const code = codes.find((given) => given.key === key)?.code ?? randomBytes(random, PASSWORD_SIZE);
      config.set(code, counterAddress(key) + 1);
    }
    return new SimulatedAt88Sc1608Card({
      ...{ user, config, fuses: ALL_BLOWN },
      ...(seed === undefined ? {} : { seed }),
    });
  },
  blank: (seed) => {
    const config = blankAt88Sc1608Config();
    config.set(TRANSPORT_CODE, counterAddress(SECURE_CODE) + 1);
    return new SimulatedAt88Sc1608Card({ config, ...(seed === undefined ? {} : { seed }) });
  },
  restore: (snapshot, seed) => SimulatedAt88Sc1608Card.restore(snapshot, seed),
};
