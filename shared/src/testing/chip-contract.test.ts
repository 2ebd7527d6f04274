import { describe, it } from 'vitest';
import { identifyChip } from '../chip/identify.ts';
import { tripleDes } from '../node/triple-des.ts';
import { CHIP_CONTRACT, type ChipContractRig } from './chip-contract.ts';
import { DirectSession } from './direct-session.ts';
import { bytesAt, type OracleCard } from './oracle-meter.ts';
import { CPU_FILES, SLE4442_FILES } from './meter-layout.ts';
import { samplePurchase } from './sample-purchase.ts';
import { SimulatedSle4442Card } from './sim-sle4442.ts';

const READER = { memoryDialect: 'acs' } as const;

function rigOn(card: OracleCard, code: Uint8Array): ChipContractRig {
  const open: ChipContractRig['open'] = async () => identifyChip(new DirectSession(card), READER);
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
  {
    name: 'SLE4442 on a direct session',
    make: () => samplePurchase('SLE4442', { cipher: tripleDes, seed: 31 }),
  },
  {
    name: 'CPU card (T=0) on a direct session',
    make: () => samplePurchase('CPU', { cipher: tripleDes, seed: 32 }),
  },
  {
    name: 'CPU card (T=1) on a direct session',
    make: () => samplePurchase('CPU', { cipher: tripleDes, seed: 33, protocol: 'T1' }),
  },
] as const;

describe.each(STACKS)('$name', ({ make }) => {
  it.each(CHIP_CONTRACT)('$name', async (contractCase) => {
    const { card, code } = make();
    await contractCase.run(rigOn(card, code));
  });
});
