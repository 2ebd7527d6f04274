import { describe, it } from 'vitest';
import type { Region } from '../chip/region.ts';
import { tripleDes } from './node/triple-des.ts';
import { CHIP_CONTRACT } from './chip-contract.ts';
import type { ChipContractRig } from './chip-contract.ts';
import { chipOf, METER_FILES } from './meter-files.ts';
import type { MeterCard } from './meter-files.ts';
import { bytesAt } from './oracle-meter.ts';
import { samplePurchase } from './sample-purchase.ts';
import type { SamplePurchase } from './sample-purchase.ts';
import type { Open } from './chip-contract-stacks.ts';
import { STACKS } from './chip-contract-stacks.ts';

/** Regions that a chip does not have. */
const BEYOND: Readonly<Partial<Record<MeterCard, readonly Region[]>>> = {
  SLE4442: [
    { zone: 'main', offset: 0xff, length: 2 },
    { zone: 'main', offset: 0x100, length: 1 },
    { zone: 'mf:19', offset: 0, length: 1 },
  ],
  SLE4428: [
    { zone: 'main', offset: 0x3fc, length: 2 },
    { zone: 'main', offset: 0x3fd, length: 1 },
    { zone: 'security', offset: 0, length: 1 },
  ],
  AT88SC153: [
    { zone: 'user0', offset: 63, length: 2 },
    { zone: 'config', offset: 64, length: 1 },
    { zone: 'user3', offset: 0, length: 1 },
  ],
  CPU: [
    { zone: 'df01:05', offset: 40, length: 10 },
    { zone: 'df01:07', offset: 0, length: 1 },
    { zone: 'main', offset: 0, length: 1 },
  ],
  'second-CPU': [
    { zone: 'df01:03', offset: 40, length: 10 },
    { zone: 'df01:05', offset: 0, length: 1 },
    { zone: 'mf:19', offset: 0, length: 1 },
  ],
  AT88SC1602: [
    { zone: 'az1', offset: 1023, length: 2 },
    { zone: 'az3', offset: 0, length: 1 },
    { zone: 'constructor', offset: 0, length: 1 },
  ],
  AT88SC1608: [
    { zone: 'user0', offset: 0xff, length: 2 },
    { zone: 'user8', offset: 0, length: 1 },
    { zone: 'config', offset: 0x80, length: 1 },
  ],
};

/** Bytes of an issued card that can never change again; a serial where the issuer protects it. */
const FIXED: Readonly<Partial<Record<MeterCard, Region>>> = {
  SLE4442: { zone: 'main', offset: 0x08, length: 8 },
  'second-SLE4442': { zone: 'main', offset: 0x04, length: 8 },
  SLE4428: { zone: 'main', offset: 0x08, length: 8 },
  AT88SC1608: { zone: 'config', offset: 0x10, length: 8 },
  AT88SC153: { zone: 'config', offset: 0x10, length: 8 },
  AT88SC1602: { zone: 'iz', offset: 0, length: 8 },
};

function rigOn(open: Open, of: MeterCard, { card, codes }: SamplePurchase): ChipContractRig {
  const chip = chipOf(of);
  const files = METER_FILES[of];
  const known = { ...files.returnData, data: bytesAt(card, files.returnData).slice() };
  const rig = { open, known, beyond: BEYOND[of] ?? BEYOND[chip] ?? [] };
  const [first] = codes;
  if (chip === 'CPU' || first === undefined) return rig;
  const fixed = FIXED[of] ?? FIXED[chip];
  return {
    ...rig,
    memory: {
      codes,
      wrongCode: first.code.map((byte) => byte ^ 0x01),
      writable: { ...files.purse, data: bytesAt(card, files.purse).map((byte) => byte ^ 0xff) },
      ...(fixed === undefined ? {} : { fixed: { ...fixed, data: new Uint8Array(fixed.length) } }),
      setTriesLeft: (left) => {
        card.setTriesLeft(left);
      },
    },
  };
}

const made = (of: MeterCard, seed: number) => ({
  card: of as string,
  of,
  make: () => samplePurchase(of, { cipher: tripleDes, seed }),
});

const CARDS = [
  made('SLE4442', 31),
  made('AT88SC153', 35),
  made('SLE4428', 34),
  made('AT88SC1608', 35),
  made('AT88SC1602', 36),
  made('second-SLE4442', 37),
  made('second-CPU', 38),
  { ...made('CPU', 32), card: 'CPU card, T=0' },
  {
    card: 'CPU card, T=1',
    of: 'CPU' as const,
    make: () => samplePurchase('CPU', { cipher: tripleDes, seed: 33, protocol: 'T1' }),
  },
];

describe.each<(typeof STACKS)[number] & { lacks?: string }>(STACKS)('on $name', ({ connect, lacks }) => {
  describe.each(CARDS.filter(({ card }) => card !== lacks))('$card', ({ of, make }) => {
    it.each(CHIP_CONTRACT)('$name', async (contractCase) => {
      const sample = make();
      await contractCase.run(rigOn(connect(sample), of, sample));
    });
  });
});
