import {
  CONFIG,
  FUSE,
  PASSWORD,
  PASSWORD_SIZE,
  TRANSPORT_CODE,
  ZONE_SIZE,
  ZONES,
} from '../../../chip/at88sc153/constants.ts';
import type { MemoryCardKind } from '../../memory-card-kind.ts';
import { randomBytes, seededRandom } from '../../random.ts';
import { plainConfig, SimulatedAt88sc153Card, WRITE_0_ACCESS } from './card.ts';

/** Cryptogram and seed, with whatever else the issuer draws for a card. */
const KEYS = { at: CONFIG.aac + 1, length: CONFIG.passwords - (CONFIG.aac + 1) } as const;

export const at88sc153Kind: MemoryCardKind = {
  issue({ contents, codes, seed = 1 }) {
    const write0 = codes.find(({ key }) => key === PASSWORD.write0);
    if (write0 === undefined) throw new RangeError('an AT88SC153 is written under Write 0, code 0');
    const random = seededRandom(seed);
    const drawn = [PASSWORD.write1, PASSWORD.read0, PASSWORD.read1].map((key) => ({
      key,
      code: randomBytes(random, PASSWORD_SIZE),
    }));
    const config = plainConfig([...drawn, ...codes]);
    config.fill(WRITE_0_ACCESS, CONFIG.accessRegisters, CONFIG.accessRegisters + ZONES.length - 1);
    config.set(randomBytes(random, KEYS.length), KEYS.at);
    const users = ZONES.slice(0, -1).map((name) => {
      const zone = new Uint8Array(ZONE_SIZE).fill(0xff);
      for (const { zone: where, offset, data } of contents) if (where === name) zone.set(data, offset);
      return zone;
    });
    return new SimulatedAt88sc153Card({ zones: [...users, config], fuses: 0x00, seed });
  },
  /** The chip maker has blown its own fuse; every zone is open, the configuration takes the transport code. */
  blank: (seed = 1) =>
    new SimulatedAt88sc153Card({
      zones: [
        ...ZONES.slice(0, -1).map(() => new Uint8Array(ZONE_SIZE).fill(0xff)),
        plainConfig([{ key: PASSWORD.write1, code: Uint8Array.from(TRANSPORT_CODE) }]),
      ],
      fuses: FUSE.cma | FUSE.per,
      seed,
    }),
  restore: (snapshot, seed) => SimulatedAt88sc153Card.restore(snapshot, seed),
};
