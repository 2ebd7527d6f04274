import { describe, it } from 'vitest';
import { identifyChip } from '../chip/identify.ts';
import { systemClock } from '../node/system-clock.ts';
import { tripleDes } from '../node/triple-des.ts';
import { openCcidReader } from '../reader/ccid-reader.ts';
import { CHIP_CONTRACT, type ChipContractRig } from './chip-contract.ts';
import { DirectSession } from './direct-session.ts';
import { bytesAt, type OracleCard } from './oracle-meter.ts';
import { CPU_FILES, SLE4442_FILES } from './meter-layout.ts';
import { samplePurchase } from './sample-purchase.ts';
import { SimulatedReader } from './sim-reader.ts';
import { SimulatedSle4442Card } from './sim-sle4442.ts';

const READER = { memoryDialect: 'acs' } as const;

type Open = ChipContractRig['open'];

/** Straight on the card. */
const direct = (card: OracleCard): Open => {
  return async () => identifyChip(new DirectSession(card), READER);
};

/** Through CCID messages, as on USB. */
const throughCcid = (level: 'tpdu' | 'short-apdu') => {
  return (card: OracleCard): Open => {
    const reader = new SimulatedReader({ clock: systemClock, level });
    const [slot] = openCcidReader(reader).slots;
    if (slot === undefined) throw new Error('no slot');
    reader.insert(card);
    return async () => identifyChip(await slot.open(), slot.model);
  };
};

function rigOn(open: Open, card: OracleCard, code: Uint8Array): ChipContractRig {
  const files = card instanceof SimulatedSle4442Card ? SLE4442_FILES : CPU_FILES;
  const known = { ...files.returnData, data: bytesAt(card, files.returnData).slice() };
  if (!(card instanceof SimulatedSle4442Card)) {
    const beyond = [
      { zone: 'df01:05', offset: 40, length: 10 },
      { zone: 'df01:07', offset: 0, length: 1 },
      { zone: 'main', offset: 0, length: 1 },
    ];
    return { open, known, beyond };
  }
  const purse = bytesAt(card, SLE4442_FILES.purse);
  return {
    open,
    known,
    beyond: [
      { zone: 'main', offset: 0xff, length: 2 },
      { zone: 'main', offset: 0x100, length: 1 },
      { zone: 'mf:19', offset: 0, length: 1 },
    ],
    memory: {
      code,
      wrongCode: code.map((byte) => byte ^ 0x01),
      writable: { zone: 'main', offset: SLE4442_FILES.purse.offset, data: purse.map((byte) => byte ^ 0xff) },
      fixed: { zone: 'main', offset: 0x08, data: new Uint8Array(8) },
    },
  };
}

const STACKS = [
  { name: 'a direct session', connect: direct },
  { name: 'a CCID reader at TPDU level', connect: throughCcid('tpdu') },
  { name: 'a CCID reader at short-APDU level', connect: throughCcid('short-apdu') },
] as const;

const CARDS = [
  { card: 'SLE4442', make: () => samplePurchase('SLE4442', { cipher: tripleDes, seed: 31 }) },
  { card: 'CPU card, T=0', make: () => samplePurchase('CPU', { cipher: tripleDes, seed: 32 }) },
  {
    card: 'CPU card, T=1',
    make: () => samplePurchase('CPU', { cipher: tripleDes, seed: 33, protocol: 'T1' }),
  },
] as const;

describe.each(STACKS)('on $name', ({ connect }) => {
  describe.each(CARDS)('$card', ({ make }) => {
    it.each(CHIP_CONTRACT)('$name', async (contractCase) => {
      const { card, code } = make();
      await contractCase.run(rigOn(connect(card), card, code));
    });
  });
});
